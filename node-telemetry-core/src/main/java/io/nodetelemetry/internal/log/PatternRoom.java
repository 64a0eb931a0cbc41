package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/**
 * How many patterns may be told apart: of each level here, and all together where several share a {@link Total}. Belongs to
 * one thread.
 */
public final class PatternRoom {
    /** Patterns of all that share it. */
    public static final class Total {
        private final int max;
        private int taken;

        /** @param max patterns */
        public Total(int max) {
            this.max = max;
        }

        /** Patterns that are told apart. */
        public int taken() {
            return taken;
        }
    }

    private final int maxPerLevel;
    private final Total total;
    private final LevelCounts taken = new LevelCounts();
    private boolean closed;

    /** Room that nobody else has a part in. */
    public PatternRoom(int maxPerLevel) {
        this(maxPerLevel, new Total(Integer.MAX_VALUE));
    }

    /**
     * A share of a total.
     *
     * @param maxPerLevel patterns of one level
     */
    public PatternRoom(int maxPerLevel, Total total) {
        this.maxPerLevel = maxPerLevel;
        this.total = total;
    }

    boolean has(LogLevel level) {
        return !closed && taken.of(level) < maxPerLevel && total.taken < total.max;
    }

    /** Has no room from now on: who comes late would take of the total what nobody gives back. */
    public void close() {
        closed = true;
    }

    /** Takes room for one pattern; false if there is none. */
    boolean take(LogLevel level) {
        if (!has(level)) {
            return false;
        }
        taken.add(level, 1);
        total.taken++;
        return true;
    }

    void giveBack(LogLevel level) {
        taken.add(level, -1);
        total.taken--;
    }
}
