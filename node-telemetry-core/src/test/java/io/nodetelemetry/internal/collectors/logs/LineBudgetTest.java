package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private long now = Long.MAX_VALUE - 1_000; // wraps around
    private final LineBudget budget = new LineBudget(100, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private int takeAll() {
        int room = budget.room();
        for (int i = 0; i < room; i++) {
            budget.take();
        }
        return room;
    }

    @Test
    void thoseOfTenSecondsMayComeAtOnce() {
        assertThat(takeAll()).isEqualTo(1_000);
        assertThat(budget.room()).isZero();
    }

    @Test
    void whatIsTakenComesBackAtTheRate() {
        takeAll();
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            pass(Duration.ofNanos(9_999_999)); // a line takes 10 ms
            taken += takeAll();
        }
        assertThat(taken).isEqualTo(999);
    }

    @Test
    void longSilenceGivesNoMoreThanTenSeconds() {
        takeAll();
        pass(Duration.ofDays(30));
        assertThat(takeAll()).isEqualTo(1_000);
    }

    @Test
    void greatestRateDoesNotOverflow() {
        LineBudget greatest = new LineBudget(100_000_000, () -> now);
        assertThat(greatest.room()).isEqualTo(1_000_000_000);
        pass(Duration.ofDays(30));
        assertThat(greatest.room()).isEqualTo(1_000_000_000);
    }

    @Test
    void whatWasTakenBeyondTheRoomIsOwed() {
        for (int i = 0; i < 1_100; i++) {
            budget.take();
        }
        assertThat(budget.room()).isZero();
        pass(Duration.ofSeconds(2));
        assertThat(budget.room()).isEqualTo(100);
    }
}
