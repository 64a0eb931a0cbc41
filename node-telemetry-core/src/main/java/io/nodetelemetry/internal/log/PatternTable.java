package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.util.ArrayList;
import java.util.List;
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

    private final PatternRoom room;
    private final LevelCounts beyond = new LevelCounts();
    /** In the order in which they came. */
    private final List<Entry> entries = new ArrayList<>();

    private @Nullable Entry[] slots = new Entry[FIRST_SLOTS];

    /** @param room for its patterns, which other tables may share */
    public PatternTable(PatternRoom room) {
        this.room = room;
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
        if (!room.take(level)) {
            beyond.add(level, 1);
            return;
        }
        Entry entry = new Entry(level, reader.hashHigh(), reader.hashLow(), reader.pattern(), sample);
        entry.count = 1;
        insert(entry);
    }

    /** Whether another pattern of that level would be told apart; a sample of one that would not is needless. */
    public boolean hasRoom(LogLevel level) {
        return room.has(level);
    }

    /** Takes over what another table counted, which is not used any more. */
    public void merge(PatternTable other) {
        other.release();
        for (Entry entry : other.entries) {
            Entry known = slots[slot(entry.level, entry.high, entry.low)];
            if (known != null) {
                known.count += entry.count;
            } else if (room.take(entry.level)) {
                insert(entry);
            } else {
                beyond.add(entry.level, entry.count);
            }
        }
        beyond.addAll(other.beyond);
    }

    /** Gives back the room that it took. It is not used any more. */
    public void release() {
        for (Entry entry : entries) {
            room.giveBack(entry.level);
        }
    }

    /** Messages whose patterns found no room. */
    public LevelCounts beyond() {
        return beyond;
    }

    /** Patterns that are told apart. */
    public int size() {
        return entries.size();
    }

    /** A pattern by its place, counted from zero, which is its for good. */
    public Entry entry(int place) {
        return entries.get(place);
    }

    private void insert(Entry entry) {
        entries.add(entry);
        if (2 * entries.size() > slots.length) {
            slots = new Entry[2 * slots.length];
            entries.forEach(this::place);
        } else {
            place(entry);
        }
    }

    private void place(Entry entry) {
        slots[slot(entry.level, entry.high, entry.low)] = entry;
    }

    /** Where the pattern is, or would be. Half of the slots are empty. */
    private int slot(LogLevel level, long high, long low) {
        int mask = slots.length - 1;
        int at = (int) high & mask;
        for (Entry entry = slots[at]; entry != null; entry = slots[at]) {
            if (entry.high == high && entry.low == low && entry.level == level) {
                break;
            }
            at = (at + 1) & mask;
        }
        return at;
    }
}
