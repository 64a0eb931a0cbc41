package io.nodetelemetry.internal.collectors.logs;

import java.util.function.LongSupplier;

/**
 * How many lines of a container are looked at: a number per second, of which those of ten seconds may come at once. For one
 * thread.
 */
final class LineBudget {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long BURST_NANOS = 10 * NANOS_PER_SECOND;

    private final LongSupplier nanos;
    private final int linesPerSecond;
    /** Lines times nanoseconds per second, so that nothing is lost by rounding. */
    private long credit;

    private long refilledAt;

    /**
     * Full.
     *
     * @param nanos a monotonic clock
     */
    LineBudget(int linesPerSecond, LongSupplier nanos) {
        this.nanos = nanos;
        this.linesPerSecond = linesPerSecond;
        credit = linesPerSecond * BURST_NANOS;
        refilledAt = nanos.getAsLong();
    }

    /** How many lines may be looked at now. */
    int room() {
        long now = nanos.getAsLong();
        long passed = Math.min(now - refilledAt, BURST_NANOS);
        refilledAt = now;
        credit = Math.min(credit + passed * linesPerSecond, linesPerSecond * BURST_NANOS);
        return Math.clamp(credit / NANOS_PER_SECOND, 0, Integer.MAX_VALUE);
    }

    /** One was looked at, be there room for it or not. */
    void take() {
        credit -= NANOS_PER_SECOND;
    }
}
