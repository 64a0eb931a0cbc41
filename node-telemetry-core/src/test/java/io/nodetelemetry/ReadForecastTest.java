package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReadForecastTest {
    private final ReadForecast forecast = new ReadForecast();

    private static long seconds(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private void readAt(double... times) {
        for (double time : times) {
            forecast.read(seconds(time));
        }
    }

    @Test
    void twoReadsMakeARhythm() {
        readAt(-20);
        assertThat(forecast.next(seconds(-19))).isEmpty();
        readAt(-5);
        assertThat(forecast.next(seconds(-4))).hasValue(seconds(10));
        assertThat(forecast.next(seconds(10))).hasValue(seconds(10));
    }

    @Test
    void severalLooksOfOneScrapeAreOneRead() {
        readAt(0, 0.1, 0.3, 15, 15.2);

        assertThat(forecast.next(seconds(16))).hasValue(seconds(30));
    }

    @Test
    void aReadThatDidNotComeIsExpectedAgainButNotForEver() {
        readAt(0, 15);

        assertThat(forecast.next(seconds(31))).hasValue(seconds(45));
        assertThat(forecast.next(seconds(60))).hasValue(seconds(60));
        assertThat(forecast.next(seconds(15 + 15 * 4 + 1))).isEmpty();
    }

    @Test
    void whoReadsWithoutPauseOrOnceADayHasNoRhythm() {
        readAt(0, 1);
        assertThat(forecast.next(seconds(1.5))).isEmpty();
        readAt(86_400);
        assertThat(forecast.next(seconds(86_401))).isEmpty();
    }

    @Test
    void aTurnIsMovedForwardForAReadAndOnlyThen() {
        Duration lead = Duration.ofMillis(250);
        assertThat(forecast.turnBefore(seconds(1), 0, lead)).as("no rhythm").isEqualTo(seconds(1));

        readAt(0, 15);

        assertThat(forecast.turnBefore(seconds(29), seconds(28), lead)).isEqualTo(seconds(29));
        assertThat(forecast.turnBefore(seconds(30), seconds(29), lead)).isEqualTo(seconds(29.75));
        assertThat(forecast.turnBefore(seconds(30.8), seconds(29.8), lead))
                .as("the last turn was for the read at 30")
                .isEqualTo(seconds(30.8));
    }

    @Test
    void twoReadersThatAlternateAreExpectedInTurn() {
        readAt(0, 7, 15, 22);

        assertThat(forecast.next(seconds(23))).hasValue(seconds(29));
    }
}
