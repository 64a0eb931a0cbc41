package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
    private static final Path PROC = Path.of("/proc");
    /** Linux 6.18. */
    private static final String READ_WRITE = "pos:\t0\nflags:\t0100002\nmnt_id:\t27\nino:\t1311\n";

    @TempDir
    private Path procRoot = Path.of("");

    @Test
    void flagsAreOctal() {
        assertThat(FdInfo.parse(READ_WRITE)).contains(new FdInfo(0100002, 27));
        assertThat(new FdInfo(0100002, 27).isWritable()).isTrue();
        assertThat(new FdInfo(02000001, 27).isWritable()).isTrue();
        assertThat(new FdInfo(0100000, 27).isWritable()).isFalse();
    }

    @Test
    void fieldThatIsMissingOrCutOffMakesItUnknown() {
        assertThat(FdInfo.parse("")).isEmpty();
        assertThat(FdInfo.parse("pos:\t0\nflags:\t02\n")).isEmpty();
        assertThat(FdInfo.parse("flags:\t02\nmnt_id:\t2")).isEmpty();
        assertThat(FdInfo.parse("flags:\t09\nmnt_id:\t2\n")).isEmpty();
        assertThat(FdInfo.parse("flags:\t02\nmnt_id:\t-2\n")).isEmpty();
        assertThat(FdInfo.parse("flags:\t02\nmnt_id:\t99999999999\n")).isEmpty();
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(13);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = READ_WRITE.getBytes(StandardCharsets.ISO_8859_1);
            for (int edits = random.nextInt(5); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Optional<FdInfo> info = FdInfo.parse(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(info)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            some -> assertThat(some.orElseThrow().mountId()).isNotNegative());
        }
    }

    @Test
    void specialAndDeletedFilesAreNotOrdinary() {
        assertThat(OpenFiles.isOrdinary("/srv/data")).isTrue();
        assertThat(OpenFiles.isOrdinary("/device")).isTrue();
        for (String other : new String[] {
            "/srv/data (deleted)", "/dev/null", "/proc/1/oom_adj", "/sys/x", "socket:[12]", "anon_inode:[eventfd]", ""
        }) {
            assertThat(OpenFiles.isOrdinary(other)).isFalse();
        }
    }

    /** Mount 5 is written to, 6 read, 7 written to by a file that is gone, 8 a device. */
    private void plant(int pid) throws IOException {
        String[][] files = {
            {"3", "/a", "0100001", "5"},
            {"4", "/b", "0100000", "6"},
            {"5", "/c (deleted)", "0100002", "7"},
            {"6", "/dev/pts/0", "0100002", "8"},
        };
        for (String[] file : files) {
            Path process = procRoot.resolve(Integer.toString(pid));
            Files.createDirectories(process.resolve("fd"));
            Files.createDirectories(process.resolve("fdinfo"));
            Files.createSymbolicLink(process.resolve("fd").resolve(file[0]), Path.of(file[1]));
            Files.writeString(
                    process.resolve("fdinfo").resolve(file[0]),
                    "pos:\t0\nflags:\t" + file[2] + "\nmnt_id:\t" + file[3] + "\n");
        }
    }

    @Test
    void mountsOfFilesOpenForWriting() throws IOException {
        plant(12);

        assertThat(OpenFiles.writtenMounts(procRoot, 12, 256)).containsExactly(5);
        assertThat(OpenFiles.writtenMounts(procRoot, 12, 0)).isEmpty();
        assertThat(OpenFiles.writtenMounts(procRoot, 13, 256)).isEmpty();
    }

    @Test
    void ownFilesAreFound(@TempDir Path folder) throws IOException {
        int own = (int) ProcessHandle.current().pid();
        try (OutputStream _ = Files.newOutputStream(folder.resolve("file"))) {
            Set<Integer> mounts = OpenFiles.writtenMounts(PROC, own, 10_000);

            assertThat(MountInfo.read(PROC, own).orElseThrow().mounts())
                    .extracting(MountInfo.Mount::id)
                    .containsAll(mounts);
            assertThat(mounts).isNotEmpty();
        }
    }

    @Test
    void viewIsSharedByProcessesOfOneNamespace() {
        int own = (int) ProcessHandle.current().pid();

        assertThat(MountView.of(PROC, own).orElseThrow().namespace()).matches("mnt:\\[\\d+]");
        assertThat(MountView.of(PROC, own)).isEqualTo(MountView.of(PROC, own));
        assertThat(MountView.of(procRoot, 12)).isEmpty();
    }
}
