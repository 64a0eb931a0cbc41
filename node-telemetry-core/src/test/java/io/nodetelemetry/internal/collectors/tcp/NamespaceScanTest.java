package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceScanTest {
    private static final int HOST = 1_000;

    @TempDir
    private Path proc = Path.of("");

    @BeforeEach
    void hostHasItsFirstProcess() throws IOException {
        process(1, HOST);
    }

    private Path process(int pid, int namespace) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(pid + "/ns"));
        Path link = folder.resolve("net");
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, Path.of("net:[" + namespace + "]"));
    }

    private void ends(int pid) throws IOException {
        Files.delete(proc.resolve(pid + "/ns/net"));
        Files.delete(proc.resolve(pid + "/ns"));
        Files.delete(proc.resolve(String.valueOf(pid)));
    }

    private NamespaceScan scan(int max) {
        return new NamespaceScan(proc, max);
    }

    @Test
    void eachNamespaceIsFoundOnceAndTheHostsNever() throws IOException {
        process(20, HOST);
        process(21, 7);
        process(22, 7);
        NamespaceScan scan = scan(10);

        assertThat(scan.found()).hasSize(1).first().isIn(proc.resolve("21/ns/net"), proc.resolve("22/ns/net"));
        assertThat(scan.found()).isEmpty();

        Path younger = process(23, 8);
        assertThat(scan.found()).containsExactly(younger);
    }

    @Test
    void numberOfOneThatIsGoneMayBeAnothers() throws IOException {
        process(21, 7);
        NamespaceScan scan = scan(10);
        assertThat(scan.found()).hasSize(1);

        ends(21);
        Path other = process(30, 7);

        assertThat(scan.found()).containsExactly(other);
    }

    @Test
    void processThatMovesIsSeenLater() throws IOException {
        process(21, HOST);
        NamespaceScan scan = scan(10);
        assertThat(scan.found()).isEmpty();

        Path moved = process(21, 9);

        for (int pass = 0; pass < 11; pass++) {
            assertThat(scan.found()).isEmpty();
        }
        assertThat(scan.found()).containsExactly(moved);
    }

    @Test
    void namedNamespacesNeedNoProcess() throws IOException {
        Path folder = Files.createDirectories(proc.resolve("1/root/run/netns"));
        Path named = Files.createFile(folder.resolve("router"));
        NamespaceScan scan = scan(10);

        assertThat(scan.found()).containsExactly(named);
        assertThat(scan.found()).isEmpty();

        Files.delete(named);
        assertThat(scan.found()).isEmpty();
    }

    @Test
    void whatFindsNoRoomIsCounted() throws IOException {
        process(21, 7);
        process(22, 8);
        process(23, 9);
        NamespaceScan scan = scan(2);

        assertThat(scan.found()).hasSize(2);
        assertThat(scan.leftOut()).isEqualTo(1);
    }
}
