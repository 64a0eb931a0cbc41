package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.FaultyDisk;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, fail, or are another machine's, and more changes than the kernel keeps in mind. */
@Requires(HostFeature.ROOT)
class LogFilesTroubleIT {
    /** A log that the kernel tells nothing of is looked at that often. */
    private static final Duration POLLED = Duration.ofMillis(1_001);

    @TempDir
    private Path directory = Path.of("");

    /** inotify tells nothing of what other machines write. */
    @Test
    void aLogOnAFileSystemOfOtherMachinesIsLookedAtEachSecond() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        append(real.resolve("app.log"), "old\n");
        try (FaultyDisk disk = FaultyDisk.mount(real, directory.resolve("seen"));
                SteppedLogFiles files = new SteppedLogFiles()) {
            ReadLines lines = files.follow(disk.mountPoint().resolve("app.log"), Beginning.END);
            files.readAfter(Duration.ofSeconds(100));
            append(real.resolve("app.log"), "1\n");
            files.read();
            assertThat(lines.lines).isEmpty();
            files.readAfter(POLLED);
            assertThat(lines.lines).containsExactly("1");

            files.readAfter(Duration.ofSeconds(100));
            append(real.resolve("app.log"), "2\n");
            rotate(real);
            append(real.resolve("app.log"), "3\n");
            files.readAfter(POLLED);
            assertThat(lines.lines).containsExactly("1", "2", "3");
            assertThat(files.files.drops().values()).containsOnly(0L);
            // Nobody can raise a limit to change that.
            assertThat(files.files.degraded()).isEmpty();
        }
    }

    @Test
    void aDiskThatFailsForAWhileIsReadOnWhereItFailed() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        append(real.resolve("app.log"), "1\n");
        try (FaultyDisk disk = FaultyDisk.mount(real, directory.resolve("seen"));
                SteppedLogFiles files = new SteppedLogFiles()) {
            ReadLines lines = files.follow(disk.mountPoint().resolve("app.log"), Beginning.START);
            assertThat(lines.lines).containsExactly("1");
            disk.fail();
            append(real.resolve("app.log"), "2\nhalf ");
            files.readAfter(POLLED);
            rotate(real);
            append(real.resolve("app.log.1"), "a line\n");
            append(real.resolve("app.log"), "4\n");
            files.readAfter(POLLED);
            assertThat(lines.lines).containsExactly("1");
            assertThat(files.losses(Loss.UNREADABLE)).isEqualTo(2);
            disk.work();
            files.readAfter(Duration.ofSeconds(4));

            assertThat(lines.lines).containsExactly("1", "2", "half a line", "4");
            assertThat(losses(files)).isEqualTo(2);
        }
    }

    @Test
    void aRotatedFileThatCannotBeReadDelaysTheNewOneForAMinuteAndIsCounted() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        append(real.resolve("app.log"), "1\n");
        try (FaultyDisk disk = FaultyDisk.mount(real, directory.resolve("seen"));
                SteppedLogFiles files = new SteppedLogFiles()) {
            ReadLines lines = files.follow(disk.mountPoint().resolve("app.log"), Beginning.START);
            append(real.resolve("app.log"), "2\n");
            disk.fail();
            rotate(real);
            append(real.resolve("app.log"), "3\n");
            files.readAfter(POLLED);
            assertThat(lines.lines).containsExactly("1");
            for (int second = 0; second < 130; second++) {
                files.readAfter(POLLED);
            }

            assertThat(lines.lines).containsExactly("1", "3");
            assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
        }
    }

    /** A writer goes on with what there is room for, be it half a line, and rotates. */
    @Test
    void onAFullDiskWhatWasWrittenIsReadOnce() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
        try (SteppedLogFiles files = new SteppedLogFiles()) {
            Path log = disk.resolve("app.log");
            ReadLines lines = files.follow(log, Beginning.START);
            List<String> written = new ArrayList<>();
            int halves = 0;
            for (int round = 0; round < 8; round++) {
                String text = fill(log, round);
                written.addAll(text.lines().toList());
                halves += text.isEmpty() || text.endsWith("\n") ? 0 : 1;
                files.readSoon();
                Files.move(log, disk.resolve("app.log.1"), StandardCopyOption.REPLACE_EXISTING);
                // Then a file that is gone takes no room any more.
                files.readAfter(Duration.ofSeconds(11));
                files.readAfter(Duration.ofSeconds(11));
            }

            assertThat(lines.lines).isEqualTo(written);
            assertThat(written.size()).isGreaterThan(3 * 64 * 1024 / 100);
            assertThat(halves).isPositive();
            assertThat(files.files.drops().values()).containsOnly(0L);
        } finally {
            Command.run(List.of("umount", "--lazy", disk.toString()));
        }
    }

    /** Writes until there is no room. Returns what was written. */
    private static String fill(Path log, int round) throws IOException {
        StringBuilder written = new StringBuilder();
        try (FileChannel out = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                String line = "%d %d %s%n".formatted(round, written.length(), "x".repeat(77));
                int bytes = out.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
                written.append(line, 0, bytes);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return written.toString();
    }

    @Test
    void afterMoreChangesThanTheKernelKeepsInMindEverythingIsFound() throws Exception {
        CountingNotices notices = new CountingNotices(() -> {});
        try (SteppedLogFiles files = new SteppedLogFiles(SteppedLogFiles.LIMITS, notices)) {
            Path log = directory.resolve("app.log");
            append(log, "1\n");
            ReadLines lines = files.follow(log, Beginning.START);
            append(log, "2\n");
            overflow();
            for (int next = 3; next <= 5; next++) {
                rotate(directory);
                append(log, next + "\n");
            }
            files.read();
            assertThat(notices.overflows).isEqualTo(1);
            assertThat(lines.lines).containsExactly("1", "2", "3", "4", "5");
            assertThat(files.files.drops().values()).containsOnly(0L);

            overflow();
            for (int next = 6; next <= 8; next++) {
                rotate(directory);
                append(log, next + "\n");
            }
            // 6 is gone before anybody heard of it.
            Files.delete(directory.resolve("app.log.2"));
            files.read();
            assertThat(notices.overflows).isEqualTo(2);
            assertThat(lines.lines).containsExactly("1", "2", "3", "4", "5", "7", "8");
            assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
            assertThat(losses(files)).isEqualTo(1);
        }
    }

    /** Makes and deletes files beside the log until the kernel forgets. */
    private void overflow() throws Exception {
        // By lines: a number there is given to the first read(2) alone, and reading it as a whole begins with one byte.
        int kept = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .getFirst());
        for (int i = 0; i < kept / 2 + 10; i++) {
            Files.delete(Files.createFile(directory.resolve("other" + i)));
        }
    }

    private static long losses(SteppedLogFiles files) {
        return files.files.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** As logrotate does. */
    private static void rotate(Path in) throws IOException {
        for (int index = 8; index > 0; index--) {
            Path older = in.resolve("app.log." + index);
            if (Files.exists(older)) {
                Files.move(older, in.resolve("app.log." + (index + 1)));
            }
        }
        Files.move(in.resolve("app.log"), in.resolve("app.log.1"));
    }

    private static void mount(String... arguments) {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        Command.run(command).succeeded();
    }
}
