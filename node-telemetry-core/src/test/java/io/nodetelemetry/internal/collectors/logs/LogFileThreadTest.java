package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.OpenFileLook;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread with looks of the test's own at files of the test's own, and real directories. */
final class LogFileThreadTest {
    private static final Path PROC = Path.of("/proc");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final List<LogFileThread> threads = new ArrayList<>();

    @AfterEach
    void close() {
        threads.forEach(LogFileThread::close);
    }

    private final class Look implements OpenLogLook {
        private final Optional<IOException> failure;

        Look(Optional<IOException> failure) {
            this.failure = failure;
        }

        @Override
        public List<OpenLogFile> find() throws IOException {
            looks.incrementAndGet();
            if (failure.isPresent()) {
                throw failure.get();
            }
            return List.of();
        }

        @Override
        public Optional<BpfProbe> probe() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private Look working() {
        return new Look(Optional.empty());
    }

    private LogFileThread start(List<Callable<? extends OpenLogLook>> ways) {
        return start(ways, Duration.ofHours(1));
    }

    private LogFileThread start(List<Callable<? extends OpenLogLook>> ways, Duration patience) {
        LogFileThread thread =
                new LogFileThread(ways, new LogFileSearch(new OpenFileLook(PROC), Instant.EPOCH, false), patience);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void awaitLooks(int count) {
        Eventually.within(SOON, () -> assertThat(looks).hasValueGreaterThanOrEqualTo(count));
    }

    @Test
    void looksAtOnceAndWhenAsked() {
        LogFileThread thread = start(List.of(this::working));
        awaitLooks(1);
        thread.lookSoon();
        awaitLooks(2);
        assertThat(thread.degraded()).isEmpty();
        thread.close();
        Eventually.within(SOON, () -> assertThat(closed).hasValue(1));
        assertThat(looks).hasValue(2);
    }

    @Test
    void wayThatDoesNotWorkLeadsToTheNextAndSaysWhy() {
        LogFileThread thread = start(List.of(
                () -> {
                    throw new CollectorUnavailableException("no BTF");
                },
                () -> new Look(Optional.of(new IOException("broken"))),
                this::working));
        awaitLooks(2);
        thread.lookSoon();
        awaitLooks(3);

        assertThat(thread.degraded().orElseThrow()).endsWith("broken");
        assertThat(closed).hasValue(1);
    }

    @Test
    void betterWayIsTriedAgainAfterAWhile() {
        AtomicInteger attempts = new AtomicInteger();
        LogFileThread thread = start(
                List.of(
                        () -> {
                            if (attempts.incrementAndGet() == 1) {
                                throw new OutOfMemoryError("Java heap space");
                            }
                            return attempts.get() == 2 ? new Look(Optional.of(new IOException("broken"))) : working();
                        },
                        this::working),
                Duration.ofMillis(20));
        Eventually.within(SOON, () -> assertThat(attempts).hasValue(3));
        Eventually.within(SOON, () -> assertThat(thread.degraded()).isEmpty());
        int before = looks.get();
        thread.lookSoon();
        awaitLooks(before + 1);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void whereNoWayWorksAllAreTriedAgain() {
        AtomicInteger attempts = new AtomicInteger();
        start(
                List.of(() -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IOException("too many open files");
                    }
                    return working();
                }),
                Duration.ofMillis(20));
        awaitLooks(1);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void lookThatHangsKeepsNobodyWaiting() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LogFileThread thread = start(List.of(() -> {
            began.countDown();
            go.await();
            return working();
        }));
        began.await();
        thread.lookSoon();
        assertThat(thread.seen()).isEmpty();
        thread.close();
        go.countDown();
        Eventually.within(SOON, () -> assertThat(closed).hasValue(1));
        assertThat(looks).hasValue(0);
    }

    @Test
    void fileOfThisProcessIsSeenAndTheListStaysTheSame() {
        Path log = folder.resolve("a.log");
        LogFileThread thread = start(List.of(() -> new OpenLogLook() {
            @Override
            public List<OpenLogFile> find() {
                looks.incrementAndGet();
                return own(log).stream().toList();
            }

            @Override
            public Optional<BpfProbe> probe() {
                return Optional.empty();
            }

            @Override
            public void close() {}
        }));
        awaitLooks(1);
        assertThat(thread.seen()).isEmpty();
        try (var _ = Files.newOutputStream(log)) {
            thread.lookSoon();
            Eventually.within(SOON, () -> assertThat(thread.seen()).hasSize(1));
            List<SeenLog> first = thread.seen();
            int before = looks.get();
            thread.lookSoon();
            awaitLooks(before + 1);
            Eventually.within(SOON, () -> assertThat(thread.seen()).isSameAs(first));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By this process' own directory of descriptors. */
    private static Optional<OpenLogFile> own(Path file) {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        return IntStream.range(0, 1_024)
                .filter(fd -> isOpenAs(PROC.resolve(pid + "/fd/" + fd), file))
                .mapToObj(fd -> new OpenLogFile(new CgroupRef(0, 1), pid, fd, file.toString(), false, false))
                .findFirst();
    }

    private static boolean isOpenAs(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException e) {
            return false;
        }
    }
}
