package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {
    @Test
    void returnsAsSoonAsTheCheckHolds() {
        AtomicInteger runs = new AtomicInteger();

        Eventually.within(
                Duration.ofMinutes(1), () -> assertThat(runs.incrementAndGet()).isEqualTo(3));

        assertThat(runs).hasValue(3);
    }

    @Test
    void failsWithTheLastReasonWhenTheTimeIsOver() {
        assertThatThrownBy(() -> Eventually.within(Duration.ZERO, () -> {
                    throw new IllegalStateException("no such thing");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 0 ms: no such thing");
    }

    @Test
    void givesUpWhenThereIsNoHope() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> Eventually.within(
                        Duration.ofMinutes(1),
                        () -> {
                            runs.incrementAndGet();
                            throw new AssertionError("not yet");
                        },
                        () -> false))
                .isInstanceOf(AssertionError.class);
        assertThat(runs).hasValue(1);
    }
}
