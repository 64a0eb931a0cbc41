package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How often each pattern came, by level: a bounded number of patterns of each, and a sum of those that found no room.
 * Counting one that is known allocates nothing. Belongs to one thread.
 */
public final class PatternTable {
    private static final int FIRST_SLOTS = 64;

    /** A pattern and its count. */
    public static final class Entry {
        private final LogLevel level;
        private final long high;
        private final long low;
        private final String pattern;
        private final String sample;
        private long count;

        Entry(LogLevel level, long high, long low, String pattern, String sample) {
            this.level = level;
            this.high = high;
            this.low = low;
            this.pattern = pattern;
            this.sample = sample;
        }

        public LogLevel level() {
            return level;
        }

        /** 32 digits of lower-case hexadecimal. */
        public String hash() {
            return PatternHash.text(high, low);
        }

        public String pattern() {
            return pattern;
        }

        public String sample() {
            return sample;
        }

        public long count() {
            return count;
        }
    }

    private final int maxPerLevel;
    private final LevelCounts patterns = new LevelCounts();
    private final LevelCounts beyond = new LevelCounts();
    private @Nullable Entry[] slots = new Entry[FIRST_SLOTS];
    private int size;

    /** @param maxPerLevel patterns of one level that are told apart */
    public PatternTable(int maxPerLevel) {
        this.maxPerLevel = maxPerLevel;
    }

    /** Counts what was read last; false if its pattern is new and has to be {@link #add added} first. */
    public boolean count(LogLevel level, LogLineReader reader) {
        Entry known = slots[slot(level, reader.hashHigh(), reader.hashLow())];
        if (known != null) {
            known.count++;
        }
        return known != null;
    }

    /** Counts the first message of a pattern, which {@link #count} does not know, or counts it as one without room. */
    public void add(LogLevel level, LogLineReader reader, String sample) {
        if (!hasRoom(level)) {
            beyond.add(level);
            return;
        }
        Entry entry = new Entry(level, reader.hashHigh(), reader.hashLow(), reader.pattern(), sample);
        entry.count = 1;
        if (2 * size >= slots.length) {
            grow();
        }
        slots[slot(level, entry.high, entry.low)] = entry;
        size++;
        patterns.add(level);
    }

    /** Whether another pattern of that level would be told apart; a sample of one that would not is needless. */
    public boolean hasRoom(LogLevel level) {
        return patterns.of(level) < maxPerLevel;
    }

    /** Messages whose patterns found no room. */
    public LevelCounts beyond() {
        return beyond;
    }

    /** Patterns that are told apart. */
    public int size() {
        return size;
    }

    /** All patterns, in no order. */
    public void forEach(Consumer<Entry> consumer) {
        for (Entry entry : slots) {
            if (entry != null) {
                consumer.accept(entry);
            }
        }
    }

    private void grow() {
        List<Entry> all = new ArrayList<>(size);
        forEach(all::add);
        slots = new Entry[2 * slots.length];
        all.forEach(entry -> slots[slot(entry.level, entry.high, entry.low)] = entry);
    }

    /** Where the pattern is, or would be. Half of the slots are empty. */
    private int slot(LogLevel level, long high, long low) {
        int mask = slots.length - 1;
        int at = (Long.hashCode(high) + level.hashCode()) & mask;
        for (Entry entry = slots[at]; entry != null; entry = slots[at]) {
            if (entry.high == high && entry.low == low && entry.level == level) {
                break;
            }
            at = (at + 1) & mask;
        }
        return at;
    }
}
