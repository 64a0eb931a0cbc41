package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodmanClientTest {
    private static final String WEB = PodmanStorageTest.WEB;
    private static final String INFRA = "ab059c35ba1860e50d34f26039e6c2f63e15c4d8a188399995006be5a6dabb91";
    private static final Path CAPTURED = Path.of("src/test/resources/podman/4.3.1");

    @TempDir
    Path root;

    private Path socket;
    private long nanos;
    private PodmanClient client;

    @BeforeEach
    void client() throws IOException {
        socket = root.resolve("run/podman/podman.sock");
        Files.createDirectories(socket.getParent());
        client = new PodmanClient(Optional.empty(), List.of(root), Duration.ofSeconds(20), () -> nanos);
    }

    private void storage() throws IOException {
        Path list = root.resolve("var/lib/containers/storage/overlay-containers/containers.json");
        Files.createDirectories(list.getParent());
        Files.copy(PodmanRecordsTest.CAPTURED, list);
    }

    private static String captured(String file) throws IOException {
        return LocalServer.json(200, Files.readString(CAPTURED.resolve(file)));
    }

    @Test
    void servesPodmansContainersAlone() {
        assertThat(ContainerRuntime.values()).filteredOn(client::serves).containsExactly(ContainerRuntime.PODMAN);
        assertThat(client.name()).isEqualTo("podman");
    }

    @Test
    void serviceTellsMost() throws IOException {
        storage();
        try (LocalServer server = LocalServer.answering(socket, captured("inspect-web.json"))) {
            assertThat(client.inspect(WEB))
                    .contains(ContainerMetadata.EMPTY
                            .withName("web")
                            .withImage("localhost/bb:1")
                            .withCreatedAt(Instant.parse("2026-11-23T07:16:07.215148953Z"))
                            .withLabels(Map.of("app", "demo"))
                            .withEnvironment(Map.of("NOMAD_TASK_NAME", "t"))
                            .withMounts(List.of(
                                    new ContainerMount("/var/lib/containers/storage/volumes/vol1/_data", "/vol"),
                                    new ContainerMount("/srv/data", "/data")))
                            .withLogFile(new ContainerLogFile(
                                    Path.of("/var/lib/containers/storage/overlay-containers/" + WEB
                                            + "/userdata/ctr.log"),
                                    ContainerLogFile.Format.CRI)));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void infraContainerOfAPodIsASandboxHoweverItIsKnown() throws IOException {
        Map<String, String> sandbox = Map.of(KubernetesLabels.POD, "d6e0dc5ef512-infra");
        try (LocalServer server = LocalServer.answering(socket, captured("inspect-infra.json"))) {
            assertThat(client.inspect(INFRA).orElseThrow().labels()).isEqualTo(sandbox);
            assertThat(server.requests()).hasSize(1);
        }
        storage();
        assertThat(client.inspect(INFRA).orElseThrow().labels()).isEqualTo(sandbox);
    }

    @Test
    void withoutServiceTheFilesTell() throws IOException {
        storage();
        assertThat(client.inspect(WEB))
                .contains(ContainerMetadata.EMPTY
                        .withName("web")
                        .withImage("localhost/bb:1")
                        .withCreatedAt(PodmanStorageTest.CREATED));
        assertThat(client.inspect("a".repeat(64))).isEmpty();
        assertThat(client.inspect("../" + "a".repeat(61))).isEmpty();
    }

    @Test
    void serviceThatFailsIsLeftAloneWhileTheFilesTell() throws IOException {
        storage();
        try (LocalServer server = LocalServer.answering(socket, "rubbish\n")) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.inspect(WEB).orElseThrow().name()).isEqualTo("web");
            }
            assertThat(server.requests()).hasSize(1);

            nanos += PodmanClient.PAUSE.toNanos();
            assertThat(client.inspect(WEB).orElseThrow().name()).isEqualTo("web");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void serviceThatFailsWithoutFilesIsAnError() throws IOException {
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(500, "{\"message\":\"locked\"}"))) {
            assertThatThrownBy(() -> client.inspect(WEB))
                    .isInstanceOf(IOException.class)
                    .hasMessage("podman answered 500: {\"message\":\"locked\"}");
            assertThatThrownBy(() -> client.inspect(WEB))
                    .isInstanceOf(IOException.class)
                    .hasMessage("podman's service failed less than 30 s ago");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void serviceThatFailsIsNoProofThatThereIsNoSuchContainer() throws IOException {
        storage();
        try (LocalServer server = LocalServer.answering(socket, "rubbish\n")) {
            assertThatThrownBy(() -> client.inspect("a".repeat(64))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.inspect("a".repeat(64))).isInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void machineWithoutPodmanSaysSo() throws IOException {
        assertThatThrownBy(() -> client.inspect(WEB)).isInstanceOf(RuntimeAbsentException.class);
        assertThat(client.version()).isEmpty();
    }

    @Test
    void versionTellsWhereFrom() throws IOException {
        storage();
        Path files = root.resolve("var/lib/containers/storage");
        assertThat(client.version()).contains(files + ", no service");
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(200, "{\"Version\":\"4.3.1\"}"))) {
            assertThat(client.version()).contains("podman 4.3.1");
            assertThat(server.requests()).hasSize(1);
        }
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(500, "x"))) {
            assertThat(client.version()).contains(files + "; the service does not answer: podman answered 500: x");
            assertThat(server.requests()).hasSize(1);
        }
    }
}
