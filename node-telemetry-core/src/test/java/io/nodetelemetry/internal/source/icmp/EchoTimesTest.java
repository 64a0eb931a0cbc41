package io.nodetelemetry.internal.source.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.icmp.PacketStamp.Moment;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EchoTimesTest {
    private static final long LIMIT = 1_000;

    private final EchoTimes times = new EchoTimes(3);

    private static PacketStamp stamp(Moment moment, long nanos) {
        return new PacketStamp(moment, OptionalLong.of(nanos));
    }

    @Test
    void timeCountsFromTheLastMomentThatIsKnown() {
        times.asked(0, 100);
        times.answered(0, 500);
        assertThat(times.roundTripNanos(0, LIMIT)).hasValue(400);

        times.passed(0, stamp(Moment.SCHEDULED, 150));
        assertThat(times.roundTripNanos(0, LIMIT)).hasValue(350);

        times.passed(0, stamp(Moment.SENT, 170));
        times.passed(0, stamp(Moment.OTHER, 400));
        assertThat(times.roundTripNanos(0, LIMIT)).hasValue(330);
        assertThat(times.roundTripNanos(1, LIMIT)).isEmpty();
    }

    @Test
    void firstReplyCounts() {
        times.asked(2, 100);
        times.answered(2, 500);
        times.answered(2, 600);

        assertThat(times.answers()).isEqualTo(1);
        assertThat(times.roundTripNanos(2, LIMIT)).hasValue(400);
    }

    @Test
    void replyToWhatWasNotSentIsNone() {
        times.answered(0, 500);
        times.asked(1, 100);
        times.refused(1);
        times.answered(1, 500);

        assertThat(times.answers()).isZero();
        assertThat(times.roundTripNanos(1, LIMIT)).isEmpty();
    }

    @Test
    void clockThatWasSetMeanwhileIsNoTime() {
        times.asked(0, 100);
        times.answered(0, 100);
        times.asked(1, 100);
        times.answered(1, 50);
        times.asked(2, 100);
        times.answered(2, 1_101);

        assertThat(times.roundTripNanos(0, LIMIT)).isEmpty();
        assertThat(times.roundTripNanos(1, LIMIT)).isEmpty();
        assertThat(times.roundTripNanos(2, LIMIT)).isEmpty();
        assertThat(times.roundTripNanos(2, LIMIT + 1)).hasValue(1_001);
    }
}
