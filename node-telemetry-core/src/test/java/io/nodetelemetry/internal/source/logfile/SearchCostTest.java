package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What looking for files takes, whatever happens to their names. */
class SearchCostTest {
    /** One look at a directory with a million names. */
    private static final Duration SLOW = Duration.ofMillis(50);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void ofAContainerThatChangesNamesAllTheTimeATenthOfTheTimeIsTakenAtMost() throws Exception {
        AtomicLong nanos = new AtomicLong();
        CountingNotices notices = new CountingNotices(() -> nanos.addAndGet(SLOW.toNanos()));
        Path log = directory.resolve("app.log");
        Path rotated = directory.resolve("app.log.1");
        append(log, "1\n");
        append(rotated, "0\n");
        try (LogFiles files = new LogFiles(SteppedLogFiles.LIMITS, notices, nanos::get)) {
            ReadLines lines = new ReadLines();
            files.follow(ofThisProcess(log), Beginning.END, lines);
            for (long until = Duration.ofSeconds(10).toNanos(); nanos.get() < until; nanos.addAndGet(1_000_000)) {
                Files.setPosixFilePermissions(rotated, Files.getPosixFilePermissions(rotated));
                files.read();
            }
            assertThat(notices.asked).isBetween(10, 40);

            append(log, "2\n");
            for (int i = 0; i < 1_000; i++) {
                nanos.addAndGet(1_000_000);
                files.read();
            }
            assertThat(lines.lines).containsExactly("2");
        }
    }

    @Test
    void aSearchThatFailsHalfWayHoldsNoWatchForGood() throws Exception {
        CountingNotices notices = new CountingNotices(() -> {});
        Path link = directory.resolve("app.log");
        Files.createSymbolicLink(link, Path.of("/" + "x".repeat(256) + "/app.log"));
        try (LogFiles files = new LogFiles(SteppedLogFiles.LIMITS, notices, () -> 0)) {
            FollowedLog log = files.follow(new LogFileLocation.OnHost(link), Beginning.END, new ReadLines());
            assertThat(files.drops()).containsEntry(Loss.UNREADABLE.reason(), 1L);
            assertThat(notices.watches).isNotEmpty();
            log.close();

            assertThat(notices.watches).isEmpty();
        }
    }

    private static LogFileLocation ofThisProcess(Path log) {
        int noDescriptor = Integer.MAX_VALUE;
        int pid = (int) ProcessHandle.current().pid();
        return new LogFileLocation.InContainer(Path.of("/proc"), pid, noDescriptor, log.toString());
    }

    private static void append(Path file, String text) throws Exception {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
