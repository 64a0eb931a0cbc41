package io.nodetelemetry.internal.source.statfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.DeviceNumber;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** File systems whose answers this test holds back and lets go. */
class FileSystemSizesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final MountReading READING = new MountReading(true, Optional.of(new FileSystemSize(1_000, 600, 50)));

    private final AtomicLong nanos = new AtomicLong(1);
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final FileSystemSizes sizes = new FileSystemSizes(8, this::read, nanos::get);

    private Optional<MountReading> read(String path) throws IOException {
        synchronized (asked) {
            asked.add(path);
        }
        CountDownLatch latch = held.get(path);
        if (latch != null) {
            awaitUninterrupted(latch);
        }
        return switch (path) {
            case "/gone" -> Optional.empty();
            case "/broken" -> throw new IOException("statfs " + path + ": EIO");
            case "/bug" -> throw new IllegalStateException("a bug");
            default -> Optional.of(READING);
        };
    }

    /** As a call that waits for a disk does. */
    private static void awaitUninterrupted(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A system call in the kernel would not hear of it either.
            }
        }
    }

    private long timesAsked(String path) {
        synchronized (asked) {
            return asked.stream().filter(path::equals).count();
        }
    }

    private Measurement ask(int minor, String path) {
        Measurement question = new Measurement(new DeviceNumber(8, minor), path);
        assertThat(sizes.submit(question)).isTrue();
        return question;
    }

    private static void assertSoon(Measurement question, Measurement.Outcome outcome) {
        Eventually.within(SOON, () -> assertThat(question.outcome()).isEqualTo(outcome));
    }

    private Measurement hang(int minor, String path) {
        held.put(path, new CountDownLatch(1));
        Measurement question = ask(minor, path);
        Eventually.within(SOON, () -> assertThat(timesAsked(path)).isPositive());
        nanos.addAndGet(FileSystemSizes.DEADLINE.toNanos());
        sizes.check();
        return question;
    }

    private void letGo(String path) {
        CountDownLatch latch = held.remove(path);
        if (latch != null) {
            latch.countDown();
        }
    }

    @AfterEach
    void close() {
        sizes.close();
        List.copyOf(held.keySet()).forEach(this::letGo);
    }

    @Test
    void fileSystemsAnswer() {
        Measurement first = ask(1, "/a");
        Measurement second = ask(2, "/b");

        assertSoon(first, new Measurement.Answered(READING));
        assertSoon(second, new Measurement.Answered(READING));
        assertThat(second.reading()).contains(READING);
        assertThat(sizes.drops()).containsEntry("hanging_file_system", 0L).containsEntry("size_queue", 0L);
    }

    @Test
    void goneAndBrokenDiffer() {
        assertSoon(ask(1, "/gone"), new Measurement.Gone());
        assertSoon(ask(1, "/broken"), new Measurement.Unanswered());
        assertSoon(ask(1, "/bug"), new Measurement.Unanswered());
        assertSoon(ask(1, "/a"), new Measurement.Answered(READING));
    }

    @Test
    void hangingFileSystemHoldsUpNoOtherAndIsNotAskedAgainUntilItAnswers() {
        Measurement hanging = hang(1, "/hanging");

        assertThat(hanging.outcome()).isEqualTo(new Measurement.Unanswered());
        assertSoon(ask(2, "/other"), new Measurement.Answered(READING));
        assertSoon(ask(1, "/same-device"), new Measurement.Unanswered());
        assertThat(timesAsked("/same-device")).isZero();
        assertThat(sizes.drops()).containsEntry("hanging_file_system", 2L);

        letGo("/hanging");
        assertSoon(hanging, new Measurement.Answered(READING));
        assertSoon(ask(1, "/same-device"), new Measurement.Answered(READING));
    }

    @Test
    void withinTheDeadlineItIsWaitedFor() {
        held.put("/slow", new CountDownLatch(1));
        Measurement slow = ask(1, "/slow");
        Eventually.within(SOON, () -> assertThat(timesAsked("/slow")).isPositive());

        nanos.addAndGet(FileSystemSizes.DEADLINE.toNanos() - 1);
        sizes.check();
        assertThat(slow.outcome()).isEqualTo(new Measurement.Waiting());

        letGo("/slow");
        assertSoon(slow, new Measurement.Answered(READING));
        assertThat(sizes.drops()).containsEntry("hanging_file_system", 0L);
    }

    @Test
    void noMoreThreadsAreGivenUpThanAllowed() {
        Measurement first = hang(0, "/hanging0");
        for (int i = 1; i <= FileSystemSizes.MAX_STUCK; i++) {
            hang(i, "/hanging" + i);
        }

        Measurement unlucky = ask(100, "/fine");
        sizes.check();
        assertThat(unlucky.outcome()).isEqualTo(new Measurement.Unanswered());
        assertThat(timesAsked("/fine")).isZero();
        Eventually.within(SOON, () -> assertThat(threads()).isEqualTo(FileSystemSizes.MAX_STUCK + 1));

        letGo("/hanging0");
        Eventually.within(SOON, () -> {
            sizes.check();
            assertThat(threads()).isEqualTo(FileSystemSizes.MAX_STUCK + 1);
            assertThat(first.outcome()).isEqualTo(new Measurement.Answered(READING));
        });
        assertSoon(ask(100, "/fine"), new Measurement.Answered(READING));
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("nodetelemetry-statfs") && thread.isAlive())
                .count();
    }

    @Test
    void questionsBeyondTheRoomAreRefusedAndCounted() {
        held.put("/slow", new CountDownLatch(1));
        ask(1, "/slow");
        Eventually.within(SOON, () -> assertThat(timesAsked("/slow")).isPositive());
        for (int i = 0; i < 8; i++) {
            ask(2, "/waiting");
        }

        assertThat(sizes.submit(new Measurement(new DeviceNumber(8, 2), "/too-many")))
                .isFalse();
        assertThat(sizes.drops()).containsEntry("size_queue", 1L);
    }

    @Test
    void threadEndsWithTheClose() {
        assertSoon(ask(1, "/a"), new Measurement.Answered(READING));
        assertThat(threads()).isPositive();
        sizes.close();

        Eventually.within(SOON, () -> assertThat(threads()).isZero());
    }
}
