package io.nodetelemetry.internal.collectors.delays;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RisingTotalTest {
    private static final long SECOND = 1_000_000_000;
    private static final long PASS = 5 * SECOND;

    private final RisingTotal total = new RisingTotal(100, 1, 0, 0);
    private long now;

    private boolean pass(long sum, long living, long ended) {
        now += PASS;
        return total.update(sum, living, ended, now);
    }

    @Test
    void beginsAtWhatIsThere() {
        assertThat(total.shown()).isEqualTo(100);
    }

    @Test
    void growsWithTheSum() {
        assertThat(pass(100 + SECOND, 1, 0)).isTrue();
        assertThat(total.shown()).isEqualTo(100 + SECOND);
    }

    @Test
    void aTaskThatIsInNeitherSumForAPassIsNotLostAndNotCountedTwice() {
        pass(4 * SECOND, 2, 0);
        pass(SECOND, 1, 0);
        assertThat(total.shown()).isEqualTo(4 * SECOND);

        pass(4 * SECOND + 7, 1, 1);

        assertThat(total.shown()).isEqualTo(4 * SECOND + 7);
    }

    @Test
    void aTaskThatTakesFivePassesToEndIsNotCountedTwice() {
        pass(4 * SECOND, 2, 0);
        for (int i = 0; i < 5; i++) {
            pass(SECOND, 1, 0);
        }
        assertThat(total.shown()).isEqualTo(4 * SECOND);

        pass(4 * SECOND, 1, 1);

        assertThat(total.shown()).isEqualTo(4 * SECOND);
    }

    @Test
    void afterATaskMovedAwayWhatGrowsIsShown() {
        pass(4 * SECOND, 2, 0);
        pass(SECOND, 1, 0);
        long grown = 0;
        while (grown < 10) {
            grown++;
            pass(SECOND + grown, 1, 0);
        }

        assertThat(total.shown()).isEqualTo(4 * SECOND + grown);
        pass(SECOND + grown + 5, 1, 0);
        assertThat(total.shown()).isEqualTo(4 * SECOND + grown + 5);
    }

    @Test
    void growthThatNobodyCanHaveWaitedIsNotShownButWhatComesAfterIs() {
        long uptime = 13_000 * SECOND;
        pass(SECOND, 2, 0);

        assertThat(pass(SECOND + uptime, 2, 0)).isFalse();
        assertThat(total.shown()).isEqualTo(SECOND);
        assertThat(pass(2 * SECOND + uptime, 2, 0)).isTrue();
        assertThat(total.shown()).isEqualTo(2 * SECOND);
    }

    @Test
    void aJumpThatEndsWithItsTaskLeavesNoHole() {
        long uptime = 13_000 * SECOND;
        pass(SECOND, 2, 0);
        pass(SECOND + uptime, 2, 0);
        for (int i = 1; i <= 8; i++) {
            pass(SECOND + i, 1, 1);
        }
        assertThat(total.shown()).isEqualTo(SECOND + 7);
    }

    @Test
    void manyTasksThatWaitAtOnceArePossible() {
        assertThat(pass(100 + 50 * PASS, 50, 0)).isTrue();
        assertThat(total.shown()).isEqualTo(100 + 50 * PASS);
    }

    @Test
    void tasksThatCameAndWentBetweenTwoPassesCountAsWell() {
        assertThat(pass(100 + 50 * PASS, 0, 50)).isTrue();
        assertThat(total.shown()).isEqualTo(100 + 50 * PASS);
    }

    /** The kernel counts a wait when it is over. */
    @Test
    void aWaitOfAMinuteShowsAtItsEndWhateverTheOthersDo() {
        long grown = 100;
        for (int i = 0; i < 12; i++) {
            grown += 4 * SECOND;
            pass(grown, 2, 0);
        }

        assertThat(pass(grown + 60 * SECOND, 2, 0)).isTrue();
        assertThat(total.shown()).isEqualTo(grown + 60 * SECOND);
    }

    @Test
    void aWaitThatBeganBeforeTheFirstPassShowsToo() {
        assertThat(pass(100 + 100 * SECOND, 1, 0)).isTrue();
        assertThat(total.shown()).isEqualTo(100 + 100 * SECOND);
    }

    @Test
    void waitsOfMoreThanTwoMinutesAreNotBelieved() {
        for (int i = 0; i < 1_000; i++) {
            pass(100, 1, 0);
        }
        assertThat(pass(100 + 121 * SECOND, 1, 0)).isFalse();
        assertThat(total.shown()).isEqualTo(100);
    }

    @Test
    void whatATaskWaitedJustBeforeItsEndMayComeOnePassLate() {
        pass(100 + PASS, 1, 0);
        pass(100 + PASS, 0, 0);

        assertThat(pass(100 + 3 * PASS, 0, 1)).isTrue();
        assertThat(total.shown()).isEqualTo(100 + 3 * PASS);
    }

    /** Tasks that live, wait, end and are booked late, at random, against what they really waited. */
    @Test
    void neverFallsAndIsNeverMoreThanTheTruth() {
        Random random = new Random(42);
        long[] living = new long[20];
        long endedSum = 0;
        long ended = 0;
        long late = 0;
        long truth = 100;
        for (int pass = 0; pass < 20_000; pass++) {
            long booked = late;
            late = 0;
            endedSum += booked;
            for (int i = 0; i < living.length; i++) {
                long waited = random.nextInt(4) == 0 ? random.nextLong(PASS) : 0;
                living[i] += waited;
                truth += waited;
                if (random.nextInt(50) == 0) {
                    if (random.nextBoolean()) {
                        late += living[i];
                    } else {
                        endedSum += living[i];
                    }
                    ended++;
                    living[i] = 0;
                }
            }
            long before = total.shown();
            long sum = 100 + endedSum;
            for (long each : living) {
                sum += each;
            }
            pass(sum, living.length, ended);
            assertThat(total.shown()).isBetween(before, truth);
        }
        pass(100 + endedSum + late + Arrays.stream(living).sum(), living.length, ended);
        assertThat(total.shown()).isEqualTo(truth);
    }
}
