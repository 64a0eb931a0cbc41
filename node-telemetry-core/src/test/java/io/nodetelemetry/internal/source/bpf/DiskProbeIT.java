package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.DeviceNumber;
import io.nodetelemetry.testing.LoopDisk;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that this test has open, on a disk of its own, which nobody else writes to. */
@RequiresKernel
final class DiskProbeIT {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    @TempDir
    private Path folder = Path.of("");

    private Path mount = Path.of("");
    private @Nullable LoopDisk disk;

    @BeforeEach
    void mountDisk() {
        disk = LoopDisk.whole(folder);
        mount = disk.mountPoint();
    }

    @AfterEach
    void unmountDisk() {
        if (disk != null) {
            disk.close();
        }
    }

    private List<WrittenMount> found(DiskProbe probe) throws IOException {
        String[] columns = Files.readString(MOUNTINFO)
                .lines()
                .filter(line -> line.contains(" " + mount + " "))
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        int id = Integer.parseInt(columns[0]);
        DeviceNumber device = DeviceNumber.parse(columns[2]).orElseThrow();
        return probe.find().stream()
                .filter(written -> written.mountId() == id && written.device().equals(device))
                .toList();
    }

    @Test
    void mountIsFoundWhileAFileOnItIsOpenForWriting() throws Exception {
        try (DiskProbe probe = DiskProbe.open(Libbpf.load())) {
            assertThat(found(probe)).isEmpty();
            try (OutputStream _ = Files.newOutputStream(mount.resolve("out"));
                    RandomAccessFile _ =
                            new RandomAccessFile(mount.resolve("both").toFile(), "rw")) {
                assertThat(found(probe)).hasSize(1);
                assertThat(found(probe)).hasSize(1);
            }
            assertThat(found(probe)).isEmpty();
            assertThat(probe.drops()).containsEntry("mount", 0L);
        }
    }

    @Test
    void readersDirectoriesAndDeletedFilesDoNotCount() throws Exception {
        Path file = Files.writeString(mount.resolve("file"), "x");
        Path deleted = mount.resolve("deleted");
        try (DiskProbe probe = DiskProbe.open(Libbpf.load());
                FileChannel _ = FileChannel.open(file, StandardOpenOption.READ);
                OutputStream _ = Files.newOutputStream(deleted)) {
            assertThat(found(probe)).hasSize(1);
            Files.delete(deleted);
            assertThat(found(probe)).isEmpty();
        }
    }

    @Test
    void writerIsToldByItsCgroup() throws Exception {
        Path unified = Path.of("/sys/fs/cgroup/unified");
        Path root = Files.isDirectory(unified) ? unified : Path.of("/sys/fs/cgroup");
        // Deep, so that no v1 hierarchy of the test's own process is deeper.
        Path top = root.resolve("nodetelemetry-disks-" + ProcessHandle.current().pid());
        Path group = Files.createDirectories(top.resolve("a/b/c/d/e"));
        Process writer =
                new ProcessBuilder("sh", "-c", "read go; exec 3>" + mount + "/by-writer; echo open; read end").start();
        try (DiskProbe probe = DiskProbe.open(Libbpf.load())) {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(writer.pid()));
            writer.getOutputStream().write('\n');
            writer.getOutputStream().flush();
            assertThat(writer.inputReader().readLine()).isEqualTo("open");

            assertThat(found(probe)).singleElement().satisfies(written -> {
                assertThat(written.cgroup().hierarchy()).isZero();
                assertThat(written.cgroup().id()).isEqualTo((Long) Files.getAttribute(group, "unix:ino"));
            });
        } finally {
            writer.destroyForcibly().waitFor();
            for (String each : List.of("a/b/c/d/e", "a/b/c/d", "a/b/c", "a/b", "a", "")) {
                Files.delete(top.resolve(each));
            }
        }
    }
}
