package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsThreadTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final LogsState state = LogsState.of(
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 100, 100, 100),
            Instant::now,
            System::nanoTime);
    private volatile boolean works = true;
    private volatile boolean hasNoHeap;
    private volatile FakeTail tail = new FakeTail();
    private final LogsThread thread = new LogsThread(this::open, this::cycle);

    private LogInputs open() throws IOException {
        if (hasNoHeap) {
            throw new OutOfMemoryError("Java heap space");
        }
        if (!works) {
            throw new IOException("no more descriptors");
        }
        return new LogInputs(tail, new FakeJournal());
    }

    private LogsCycle cycle(LogInputs inputs) {
        FollowedFiles files = new FollowedFiles(inputs.files(), state, path -> path, new FakeNewLogs());
        return new LogsCycle(inputs, state, files, System::nanoTime);
    }

    private static LogPlan plan() {
        return new LogPlan(List.of(), List.of(), Set.of());
    }

    private static boolean runs() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("nodetelemetry-logs"));
    }

    @AfterEach
    void close() {
        thread.close();
        Eventually.within(SOON, () -> assertThat(runs()).isFalse());
    }

    @Test
    void beginsWithTheFirstPlanAndLetsGoOfEverythingAtItsEnd() {
        assertThat(runs()).isFalse();
        assertThat(thread.published().tables()).isEmpty();
        thread.follow(plan());
        Eventually.within(SOON, () -> assertThat(thread.published().tables()).hasSize(2));
        assertThat(thread.fault()).isEmpty();

        thread.close();
        Eventually.within(SOON, () -> assertThat(tail.closed).isTrue());
    }

    @Test
    void faultIsTold() {
        works = false;
        thread.follow(plan());
        Eventually.within(
                SOON,
                () -> assertThat(thread.fault())
                        .hasValueSatisfying(reason -> assertThat(reason).contains("no more descriptors")));
    }

    @Test
    void errorOfTheJvmEndsNoThreadUnheard() {
        hasNoHeap = true;
        thread.follow(plan());
        Eventually.within(
                SOON,
                () -> assertThat(thread.fault())
                        .hasValueSatisfying(reason -> assertThat(reason).contains("Java heap space")));
        assertThat(runs()).isTrue();
    }

    @Test
    void thatItWaitsForAFileSystemIsTold() {
        CountDownLatch answers = new CountDownLatch(1);
        LogsThread waiting = new LogsThread(
                () -> {
                    awaitUninterruptibly(answers);
                    return open();
                },
                this::cycle,
                Duration.ofMillis(50));
        try {
            waiting.follow(plan());
            Eventually.within(
                    SOON,
                    () -> assertThat(waiting.fault())
                            .hasValueSatisfying(reason -> assertThat(reason).contains("does not answer")));
            answers.countDown();
            Eventually.within(
                    SOON, () -> assertThat(waiting.published().tables()).hasSize(2));
        } finally {
            answers.countDown();
            waiting.close();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void afterAFaultItBeginsAnewByItself() {
        works = false;
        thread.follow(plan());
        Eventually.within(SOON, () -> assertThat(thread.fault()).isPresent());
        works = true;
        Eventually.within(SOON, () -> {
            assertThat(thread.fault()).isEmpty();
            assertThat(thread.published().tables()).hasSize(2);
        });
    }
}
