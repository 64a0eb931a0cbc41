package io.nodetelemetry.internal.source.logfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFilesTest {
    private static final Path DOCKERS = Path.of("/var/lib/docker/containers/0123/0123-json.log");
    private static final Path PODS = Path.of("/var/log/pods/shop_cart/cart/0.log");

    @TempDir
    private Path root = Path.of("");

    private HostFiles files = new HostFiles(List.of());

    @BeforeEach
    void host() {
        files = new HostFiles(List.of(root.resolve("absent"), root, Path.of("/")));
    }

    private Path below(Path onHost) {
        return root.resolve(Path.of("/").relativize(onHost));
    }

    private void link(Path at, Path target) throws IOException {
        Files.createDirectories(below(at).getParent());
        Files.createSymbolicLink(below(at), target);
    }

    @Test
    void firstRootThatMayBeEnteredCounts() {
        assertThat(files.locate(DOCKERS)).isEqualTo(below(DOCKERS));
        assertThat(new HostFiles(List.of(root.resolve("absent"), Path.of("/"))).locate(DOCKERS))
                .isEqualTo(DOCKERS);
        assertThat(new HostFiles(List.of(root.resolve("absent"))).locate(DOCKERS))
                .isEqualTo(DOCKERS);
    }

    @Test
    void rootOfThisProcessIsLeftToTheKernel() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("/nowhere"));

        assertThat(new HostFiles(List.of(Path.of("/"))).locate(link)).isEqualTo(link);
    }

    @Test
    void absoluteLinkOfTheHostLeadsToAFileOfTheHost() throws IOException {
        link(PODS, DOCKERS);
        assertThat(files.locate(PODS)).isEqualTo(below(DOCKERS));

        link(Path.of("/var/lib/docker"), Path.of("/srv/engine"));
        assertThat(files.locate(PODS)).isEqualTo(below(Path.of("/srv/engine/containers/0123/0123-json.log")));
    }

    @Test
    void relativeLinkLeadsFromItsDirectoryAndNeverAboveTheRoot() throws IOException {
        link(PODS, Path.of("../1.log"));
        assertThat(files.locate(PODS)).isEqualTo(below(Path.of("/var/log/pods/shop_cart/1.log")));

        link(Path.of("/var/out"), Path.of("../../../../etc/../../etc/out"));
        assertThat(files.locate(Path.of("/var/out"))).isEqualTo(below(Path.of("/etc/out")));
    }

    @Test
    void linksInACircleEnd() throws IOException {
        link(Path.of("/a"), Path.of("/b"));
        link(Path.of("/b"), Path.of("/a"));

        assertThat(files.locate(Path.of("/a/x.log"))).startsWithRaw(root).hasFileName("x.log");
    }
}
