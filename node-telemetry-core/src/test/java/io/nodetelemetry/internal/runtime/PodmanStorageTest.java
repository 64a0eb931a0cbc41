package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodmanStorageTest {
    static final String WEB = "fcb2040876c8f103b2d0f05453f95ae4d90d21e89cceb3e970066da20e0d6e34";
    static final Instant CREATED = Instant.parse("2026-11-23T07:16:07.259676863Z");
    private static final String IN_POD = "cb8805c78e9aaa120280731e4846af19c23b96989e99c767e1f39bb337cf3dcd";
    private static final String VOLATILE = "79756ddcf6ffb5911bf9384855e7f1033fbc0b8e96e64f2a44648fcc3f823309";
    private static final Path CAPTURED = Path.of("src/test/resources/podman/4.3.1");

    @TempDir
    Path root;

    private final PodmanStorage captured = new PodmanStorage(List.of());

    @Test
    void nameImageMountsAndEnvironmentAreFound() throws IOException {
        assertThat(captured.find(CAPTURED, WEB))
                .contains(ContainerMetadata.EMPTY
                        .withName("web")
                        .withImage("localhost/bb:1")
                        .withCreatedAt(CREATED)
                        .withEnvironment(Map.of("NOMAD_TASK_NAME", "t"))
                        .withMounts(List.of(
                                new ContainerMount("/srv/data", "/data"),
                                new ContainerMount("/var/lib/containers/storage/volumes/vol1/_data", "/vol"))));
    }

    @Test
    void filesThatTheEngineMountsAreNoMounts() throws IOException {
        assertThat(captured.find(CAPTURED, IN_POD).orElseThrow().mounts()).isEmpty();
    }

    @Test
    void containerThatWasNotStartedHasNoSpecification() throws IOException {
        assertThat(captured.find(CAPTURED, VOLATILE))
                .contains(ContainerMetadata.EMPTY
                        .withName("vol")
                        .withImage("localhost/bb:1")
                        .withCreatedAt(Instant.parse("2026-11-23T07:16:07.821198505Z")));
    }

    @Test
    void unknownContainerIsEmpty() throws IOException {
        assertThat(captured.find(CAPTURED, "a".repeat(64))).isEmpty();
    }

    @Test
    void listIsReadAnewWhenItWasReplacedAndForgottenWhenItIsGone() throws IOException {
        PodmanStorage storage = new PodmanStorage(List.of(root));
        Path list = write("overlay-containers/containers.json", "[{\"id\":\"a\",\"names\":[\"one\"]}]");
        assertThat(storage.find(root, "a").orElseThrow().name()).isEqualTo("one");
        assertThat(storage.find(root, "b")).isEmpty();

        Files.move(
                write("new.json", "[{\"id\":\"b\",\"names\":[\"two\"]}]"), list, StandardCopyOption.REPLACE_EXISTING);
        assertThat(storage.find(root, "a")).isEmpty();
        assertThat(storage.find(root, "b").orElseThrow().name()).isEqualTo("two");

        Files.delete(list);
        assertThat(storage.find(root, "b")).isEmpty();
    }

    @Test
    void everyDriversListsAreReadTheVolatileOnesToo() throws IOException {
        write("vfs-containers/volatile-containers.json", "[{\"id\":\"a\",\"names\":[\"one\"]}]");
        write("zfs-containers/containers.json", "[{\"id\":\"b\",\"names\":[\"two\"]}]");
        write("overlay-images/containers.json", "[{\"id\":\"c\",\"names\":[\"three\"]}]");
        PodmanStorage storage = new PodmanStorage(List.of(root));

        assertThat(storage.find(root, "a").orElseThrow().name()).isEqualTo("one");
        assertThat(storage.find(root, "b").orElseThrow().name()).isEqualTo("two");
        assertThat(storage.find(root, "c")).isEmpty();
    }

    @Test
    void logIsToldIfThereIsOneByThePathThatTheHostHas() throws IOException {
        PodmanStorage storage = new PodmanStorage(List.of(root.resolve("absent"), root));
        write("srv/overlay-containers/containers.json", "[{\"id\":\"a\"},{\"id\":\"b\"}]");
        write("srv/overlay-containers/a/userdata/ctr.log", "");

        assertThat(storage.find(root.resolve("srv"), "a").orElseThrow().logFile())
                .contains(new ContainerLogFile(
                        Path.of("/srv/overlay-containers/a/userdata/ctr.log"), ContainerLogFile.Format.CRI));
        assertThat(storage.find(root.resolve("srv"), "b").orElseThrow().logFile())
                .isEmpty();
    }

    @Test
    void listThatMakesNoSenseIsAnErrorThatNamesIt() throws IOException {
        Path list = write("overlay-containers/containers.json", "[{\"id\":\"a\",");
        assertThatThrownBy(() -> new PodmanStorage(List.of(root)).find(root, "a"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(list + ": ");
    }

    @Test
    void storageIsWhereTheSettingsSay() throws IOException {
        PodmanStorage storage = new PodmanStorage(List.of(root.resolve("absent"), root));
        assertThat(storage.directory()).isEmpty();

        Path usual = Files.createDirectories(root.resolve("var/lib/containers/storage"));
        assertThat(storage.directory()).contains(usual);

        Path vendors = Files.createDirectories(root.resolve("srv/vendor"));
        write("usr/share/containers/storage.conf", "graphroot = '/srv/vendor'\n");
        assertThat(storage.directory()).contains(vendors);

        Path own = Files.createDirectories(root.resolve("srv/own"));
        write(
                "etc/containers/storage.conf",
                "[storage]\n# graphroot = \"/no\"\n  graphroot=\"/srv/own\" # here\nrunroot = \"/x\"\n");
        assertThat(storage.directory()).contains(own);

        write("etc/containers/storage.conf", "[storage]\n#graphroot = \"/no\"\n");
        assertThat(storage.directory()).contains(usual);
    }

    private Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }
}
