package io.nodetelemetry.internal.collectors.tcp;

import java.time.Duration;

/**
 * How often open connections are looked at. A walk over all of them takes time in proportion to their number, so it is
 * made seldom enough to stay below 2 % of a processor.
 */
final class OpenInterval {
    static final Duration SHORTEST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int TIMES_ITS_DURATION = 50;

    private OpenInterval() {}

    /** From one walk to the next, if one takes that long. */
    static Duration afterWalkOf(Duration duration) {
        Duration interval = duration.multipliedBy(TIMES_ITS_DURATION);
        if (interval.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
    }
}
