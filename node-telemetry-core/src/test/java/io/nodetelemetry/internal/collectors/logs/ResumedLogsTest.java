package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading that ends by a fault and begins anew, of real files: what was written meanwhile counts, and nothing twice. */
class ResumedLogsTest {
    private static final ContainerKey KEY = new ContainerKey(ContainerRuntime.CONTAINERD, "a".repeat(64));

    @TempDir
    private Path directory = Path.of("");

    private long now;

    /** The clock is ahead of all that is written, as if a line waited to be read when the fault came. */
    private final LogsState state = LogsState.of(
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 100, 100, 1_000_000),
            () -> Instant.parse("2030-01-01T00:00:00Z"),
            () -> now);

    private LogPlan plan(Optional<ContainerLogFile> runtime, List<WrittenLog> written) {
        LogPlan.Begin begin = new LogPlan.Begin(Beginning.START, Optional.empty());
        return new LogPlan(
                List.of(new LogPlan.Member(KEY, Optional.of(new ContainerId("/x")), begin, false, runtime)),
                written,
                Set.of());
    }

    /** Follows what the plan wants until all is read, then stops as if a fault had ended it. */
    private void readOnce(LogPlan plan) throws IOException {
        try (LogTail tail = LogFilesTail.open();
                FollowedFiles files = new FollowedFiles(tail, state, path -> path, new FakeNewLogs())) {
            state.ledger().apply(plan);
            files.apply(plan);
            while (tail.read()) {
                // There is more.
            }
            files.caughtUp();
        }
    }

    private long counted() {
        now += Duration.ofSeconds(2).toNanos();
        state.openLogs().look(now);
        MetricTable table = state.ledger().tables().getFirst();
        long sum = 0;
        for (int row = 0; row < table.size(); row++) {
            sum += table.longValue(0, row);
        }
        return sum;
    }

    private static void append(Path log, String text, int count) throws IOException {
        Files.writeString(log, text.repeat(count), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void rotate(Path log) throws IOException {
        Files.move(log, log.resolveSibling(log.getFileName() + ".1"));
    }

    @Test
    void theOutputOfAContainerIsReadOn() throws IOException {
        Path log = directory.resolve("0.log");
        LogPlan plan = plan(Optional.of(new ContainerLogFile(log, ContainerLogFile.Format.CRI)), List.of());
        String line = "2026-11-23T10:11:12.123456789Z stderr F ERROR no space on disk\n";
        append(log, line, 100);
        readOnce(plan);
        assertThat(counted()).isEqualTo(100);

        append(log, line, 10);
        rotate(log);
        append(log, line, 3);
        readOnce(plan);
        readOnce(plan);
        assertThat(counted()).isEqualTo(113);
    }

    @Test
    void aFileThatAServiceWritesIsReadOn() throws IOException {
        Path log = directory.resolve("web.log");
        int pid = (int) ProcessHandle.current().pid();
        String path = log.toAbsolutePath().toString();
        append(log, "ERROR no space on disk\n", 100);
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            int descriptor = descriptorOf(log);
            LogPlan plan = plan(
                    Optional.empty(),
                    List.of(new WrittenLog(
                            KEY,
                            new LogFileLocation.InContainer(Path.of("/proc"), pid, descriptor, path),
                            Beginning.START)));
            readOnce(plan);
            assertThat(counted()).isEqualTo(100);

            append(log, "ERROR no space on disk\n", 10);
            readOnce(plan);
            readOnce(plan);
            assertThat(counted()).isEqualTo(110);
            assertThat(file.length()).isEqualTo(Files.size(log));
        }
    }

    private static int descriptorOf(Path log) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> leadsTo(link, log))
                    .mapToInt(link -> Integer.parseInt(link.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean leadsTo(Path link, Path log) {
        try {
            return Files.isSameFile(link, log);
        } catch (IOException e) {
            // That of the list itself.
            return false;
        }
    }
}
