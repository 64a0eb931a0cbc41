package io.nodetelemetry.internal.collectors.delays;

import java.time.Duration;

/**
 * A counter made of a sum over tasks, which is none: the sum falls when a task ends, until it is booked among the ended
 * ones, and for good when a task moves to another cgroup; and the kernel sometimes adds what nobody waited.
 *
 * <ul>
 *   <li>Never falls: while the sum is lower than what was shown, that is shown on.
 *   <li>Counts nothing twice: a task that ended comes back into the sum within {@link #SETTLING} at the latest, and
 *       what was shown with it living is then reached again, not exceeded.
 *   <li>Counts on: what is still missing after that has moved away. The lowest sum seen meanwhile becomes the new start,
 *       so that what grew since then shows.
 *   <li>Counts nothing impossible: tasks cannot wait for longer than they live, all taken together. What they lived and
 *       did not wait is kept as credit, since the kernel counts a wait when it is over; the credit of a task is
 *       {@link #LONGEST_WAIT} at most. A sum that grew by more is a new start too.
 * </ul>
 */
final class RisingTotal {
    /** Tearing down the memory of a large process, which before Linux 6.16 lies between, may take many seconds. */
    static final Duration SETTLING = Duration.ofSeconds(30);

    /** A longer one is not believed; the kernel itself calls a task hung after that time, unless told otherwise. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private long offset;
    private long shown;
    private long creditNanos;
    private long settledNanos;
    private long settledEnded;
    private boolean low;
    private long lowSince;
    private long lowest;

    /**
     * Starts at a sum, which is shown as it is.
     *
     * @param living tasks that live
     * @param ended tasks in the sum that ended
     */
    RisingTotal(long sum, long living, long ended, long nowNanos) {
        shown = sum;
        creditNanos = living * LONGEST_WAIT.toNanos();
        settledNanos = nowNanos;
        settledEnded = ended;
    }

    /**
     * Another pass.
     *
     * @param ended tasks in the sum that ended, since the start
     * @return whether the sum was possible; if not, it shows no growth
     */
    boolean update(long sum, long living, long ended, long nowNanos) {
        long value = sum + offset;
        if (value >= shown) {
            return settle(value - shown, living, ended, nowNanos);
        }
        if (!low) {
            low = true;
            lowSince = nowNanos;
            lowest = value;
        }
        lowest = Math.min(lowest, value);
        if (nowNanos - lowSince < SETTLING.toNanos()) {
            return true;
        }
        offset += shown - lowest;
        return settle(value - lowest, living, ended, nowNanos);
    }

    private boolean settle(long growth, long living, long ended, long nowNanos) {
        long tasks = Math.max(1, living + Math.max(0, ended - settledEnded));
        creditNanos = Math.min(creditNanos + tasks * (nowNanos - settledNanos), tasks * LONGEST_WAIT.toNanos());
        settledNanos = nowNanos;
        settledEnded = ended;
        low = false;
        boolean possible = growth <= creditNanos;
        if (possible) {
            shown += growth;
            creditNanos -= growth;
        } else {
            offset -= growth;
        }
        return possible;
    }

    /** What to report. */
    long shown() {
        return shown;
    }
}
