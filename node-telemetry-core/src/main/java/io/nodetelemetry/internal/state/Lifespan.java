package io.nodetelemetry.internal.state;

/** When a container ran, in moments: numbers that grow from one beginning or end of any container to the next. */
final class Lifespan {
    private static final long NEVER = 0;

    private long firstBeginning = NEVER;
    private long lastBeginning = NEVER;
    private long lastEnd = NEVER;
    private boolean succeeds;

    /** Notes a beginning; false if it is the first. */
    boolean begin(long moment) {
        boolean again = firstBeginning != NEVER;
        if (!again) {
            firstBeginning = moment;
        }
        lastBeginning = moment;
        return again;
    }

    void end(long moment) {
        lastEnd = moment;
    }

    boolean hasBegun() {
        return firstBeginning != NEVER;
    }

    boolean runs() {
        return lastBeginning > lastEnd;
    }

    /** The moment it first ran; only if it {@link #hasBegun()}. */
    long firstBeginning() {
        return firstBeginning;
    }

    /** Whether nothing ran any more at a moment; no, if it began anew since. */
    boolean hadEndedBefore(long moment) {
        return !runs() && lastEnd < moment;
    }

    /** Whether its first beginning was found to be a restart of its name. */
    boolean succeeds() {
        return succeeds;
    }

    void succeed() {
        succeeds = true;
    }
}
