package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at the bounds, and where the kernel refuses something. */
class LogFilesLimitsTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void whereTheKernelTellsNothingEachLogIsLookedAtOnceASecond() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(SteppedLogFiles.LIMITS, new Refusing(Errno.ENOSPC))) {
            Path log = directory.resolve("a/app.log");
            ReadLines lines = files.follow(log, Beginning.END);
            Files.createDirectory(log.getParent());
            append(log, "1\n");
            files.readAfter(Duration.ofMillis(1_001));
            Files.move(log, log.resolveSibling("app.log.1"));
            append(log, "2\n");
            files.readAfter(Duration.ofMillis(1_001));
            append(log, "3\n");
            files.readAfter(Duration.ofMillis(1_001));

            assertThat(lines.lines).containsExactly("1", "2", "3");
            assertThat(files.files.degraded().orElseThrow())
                    .isEqualTo("inotify watches not all that is to be watched (ENOSPC), so 1 logs are looked at once a"
                            + " second: raise the limit with sysctl fs.inotify.max_user_watches");
        }
    }

    @Test
    void whereTheKernelTellsNothingMissingNumbersAreCounted() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(SteppedLogFiles.LIMITS, new Refusing(Errno.EMFILE))) {
            Path log = directory.resolve("app.log");
            append(log, "1\n");
            files.follow(log, Beginning.START);
            Files.move(log, directory.resolve("app.log.4"));
            append(directory.resolve("app.log.2"), "3\n");
            append(log, "5\n");
            files.readAfter(Duration.ofMillis(1_001));

            assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(2);
            assertThat(files.files.degraded().orElseThrow()).contains("EMFILE", "fs.inotify.max_user_instances");
        }
    }

    @Test
    void moreWatchesThanAllowedAreNotTaken() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(new LogFileLimits(10, 10, 2, 1, 100, 1_000))) {
            List<ReadLines> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Path log = Files.createDirectory(directory.resolve(Integer.toString(i)))
                        .resolve("app.log");
                append(log, "");
                all.add(files.follow(log, Beginning.END));
            }
            files.readAfter(Duration.ofSeconds(2));
            for (int i = 0; i < 3; i++) {
                append(directory.resolve(i + "/app.log"), "line\n");
            }
            files.readAfter(Duration.ofMillis(1_001));

            assertThat(all).allSatisfy(read -> assertThat(read.lines).containsExactly("line"));
            assertThat(files.files.degraded().orElseThrow()).contains("1 watches", "fs.inotify.max_user_watches");
        }
    }

    @Test
    void moreLogsThanAllowedWaitUntilOneIsClosed() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(new LogFileLimits(1, 10, 2, 10, 100, 1_000))) {
            Path second = directory.resolve("second.log");
            append(second, "1\n");
            FollowedLog first = files.files.follow(
                    new LogFileLocation.OnHost(directory.resolve("first.log")), Beginning.START, new ReadLines());
            files.read();
            ReadLines lines = files.follow(second, Beginning.START);
            assertThat(lines.lines).isEmpty();
            assertThat(files.losses(Loss.LOG_LIMIT)).isEqualTo(1);
            first.close();
            files.readAfter(Duration.ofMillis(1_001));

            assertThat(lines.lines).containsExactly("1");
        }
    }

    @Test
    void noMoreFilesAreOpenThanAllowed() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(new LogFileLimits(10, 1, 2, 10, 100, 1_000))) {
            append(directory.resolve("first.log"), "1\n");
            append(directory.resolve("second.log"), "2\n");
            ReadLines first = new ReadLines();
            FollowedLog followed = files.files.follow(
                    new LogFileLocation.OnHost(directory.resolve("first.log")), Beginning.START, first);
            files.read();
            ReadLines second = files.follow(directory.resolve("second.log"), Beginning.START);
            assertThat(first.lines).containsExactly("1");
            assertThat(second.lines).isEmpty();
            assertThat(files.losses(Loss.DESCRIPTOR_LIMIT)).isEqualTo(1);
            followed.close();
            files.readAfter(Duration.ofMillis(1_001));

            assertThat(second.lines).containsExactly("2");
        }
    }

    @Test
    void moreRotationsThanFilesMayBeOpenAreReadOneAfterTheOther() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles(new LogFileLimits(1, 10, 2, 10, 100, 1_000))) {
            Path log = directory.resolve("app.log");
            append(log, "0\n");
            ReadLines lines = files.follow(log, Beginning.START);
            List<String> expected = new ArrayList<>(List.of("0"));
            for (int i = 1; i <= 20; i++) {
                Files.move(log, directory.resolve("app.log.2026-%04d".formatted(i)));
                append(log, i + "\n");
                expected.add(Integer.toString(i));
            }
            files.readSoon();

            assertThat(lines.lines).isEqualTo(expected);
            assertThat(files.files.drops().values()).containsOnly(0L);
        }
    }

    @Test
    void whatCannotBeOpenedIsCountedAndTriedAgain() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles()) {
            Path loop = Files.createSymbolicLink(directory.resolve("loop.log"), Path.of("loop.log"));
            Path other = directory.resolve("other.log");
            ReadLines lines = files.follow(loop, Beginning.START);
            ReadLines others = files.follow(other, Beginning.END);
            append(other, "unharmed\n");
            files.readAfter(Duration.ofSeconds(10));
            assertThat(files.losses(Loss.UNREADABLE)).isEqualTo(2);
            Path file = directory.resolve("file");
            append(file, "1\n");
            Files.move(file, loop, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            files.read();

            assertThat(lines.lines).containsExactly("1");
            assertThat(others.lines).containsExactly("unharmed");
        }
    }

    @Test
    void ofALineOfTenMegabytesTheBeginningIsGiven() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles()) {
            Path log = directory.resolve("app.log");
            append(log, "");
            ReadLines lines = files.follow(log, Beginning.END);
            byte[] large = new byte[10_000_000];
            Arrays.fill(large, (byte) 'x');
            Files.write(log, large, StandardOpenOption.APPEND);
            append(log, "\nnext\n");
            files.readSoon();

            assertThat(lines.lines).hasSize(2).last().isEqualTo("next");
            assertThat(lines.lines.getFirst()).hasSize(1 << 16);
            assertThat(lines.cut).containsExactly(0);
        }
    }

    @Test
    void aFloodHasOneBatchAndThenOthersHaveTheirTurn() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles()) {
            Path flood = directory.resolve("flood.log");
            byte[] large = new byte[20_000_000];
            Arrays.fill(large, (byte) '\n');
            Files.write(flood, large);
            ReadLines lines = new ReadLines();
            ReadLines others = new ReadLines();
            append(directory.resolve("other.log"), "other\n");
            files.files.follow(new LogFileLocation.OnHost(flood), Beginning.START, lines);
            files.files.follow(new LogFileLocation.OnHost(directory.resolve("other.log")), Beginning.START, others);

            assertThat(files.files.read()).isTrue();
            assertThat(lines.lines).hasSizeBetween(1 << 16, 1 << 17);
            assertThat(others.lines).containsExactly("other");
            files.read();
            assertThat(lines.lines).hasSize(20_000_000);
        }
    }

    private static void append(Path file, String text) throws Exception {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A kernel that has no watch to give. */
    private record Refusing(int errno) implements Notices {
        @Override
        public int watch(String path, int mask) {
            return -errno;
        }

        @Override
        public void unwatch(int watch) {}

        @Override
        public int read(Inotify.Listener listener) {
            return 0;
        }

        @Override
        public void await(long nanos) throws ErrnoException {}

        @Override
        public void awaitBell(long nanos) throws ErrnoException {}

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }
}
