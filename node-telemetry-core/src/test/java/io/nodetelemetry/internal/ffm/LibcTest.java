package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void openedFileHasADescriptorUntilItIsClosed() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "x");
        Fd fd = Libc.open(file, Libc.O_RDONLY);

        Path link = Path.of("/proc/self/fd/" + fd.number());
        assertThat(Files.readSymbolicLink(link)).isEqualTo(file.toRealPath());
        fd.close();
        fd.close();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThatIllegalStateException().isThrownBy(fd::number);
    }

    @Test
    void failedOpenHasCallSubjectAndErrno() {
        Path missing = directory.resolve("missing");

        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Libc.open(missing, Libc.O_RDONLY))
                .withMessage("open " + missing + ": ENOENT")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .satisfies(e -> assertThat(e.call()).isEqualTo("open " + missing));
    }

    @Test
    void openDirectoryRefusesAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "x");

        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Libc.openDirectory(file))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOTDIR));
        try (Fd fd = Libc.openDirectory(directory)) {
            assertThat(Files.isDirectory(Path.of("/proc/self/fd/" + fd.number())))
                    .isTrue();
        }
    }

    @Test
    void creatingFilesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Libc.open(directory.resolve("new"), 0x40));
    }

    @Test
    void statMagicTellsFileSystemsApart() throws Exception {
        assertThat(Libc.statMagic(Path.of("/proc"))).isEqualTo(0x9fa0L);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Libc.statMagic(directory.resolve("missing")))
                .withMessageEndingWith("missing: ENOENT");
    }

    @Test
    void inodeIsThatOfTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "x");

        assertThat(TestObjects.run("stat", "-c", "%i", file.toString()).strip())
                .isEqualTo(Long.toString(Libc.inode(file)));
    }

    @Test
    void pageSizeIsThatOfTheKernel() throws Exception {
        assertThat(TestObjects.run("getconf", "PAGESIZE").strip()).isEqualTo(Integer.toString(Libc.pageSize()));
    }

    @Test
    void clockTicksAreThoseOfTheKernel() throws Exception {
        assertThat(TestObjects.run("getconf", "CLK_TCK").strip()).isEqualTo(Long.toString(Libc.clockTicksPerSecond()));
    }

    @Test
    void whatIsNoNetworkNamespaceIsNotEntered() throws Exception {
        try (Fd fd = Libc.open(Path.of("/proc/self/ns/mnt"), Libc.O_RDONLY)) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> Libc.enterNetworkNamespace(fd))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        }
    }

    @Test
    void unknownErrnoIsShownAsNumber() {
        assertThat(Errno.name(13)).isEqualTo("EACCES");
        assertThat(Errno.name(200)).isEqualTo("errno 200");
        assertThat(new ErrnoException("open /x", 13, "needs root")).hasMessage("open /x: EACCES - needs root");
    }
}
