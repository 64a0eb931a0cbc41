package io.nodetelemetry.cli;

import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.LogPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often each pattern came, by level; a bounded number of them. */
final class PatternCounts {
    private static final int MAX_PATTERNS = 10_000;
    private static final int MAX_SAMPLE = 200;

    /** A pattern, the lines that had it, and the beginning of the first of them. */
    record Row(LogPattern pattern, long count, String sample) {}

    private record Key(LogLevel level, String hash) {}

    private static final class Entry {
        private final LogPattern pattern;
        private final String sample;
        private long count;

        Entry(LogPattern pattern, String sample) {
            this.pattern = pattern;
            this.sample = sample;
        }
    }

    private final LogLevel lowest;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private final Map<LogLevel, Long> below = new EnumMap<>(LogLevel.class);
    private long dropped;
    private long lines;

    /** @param lowest lines below this level are counted by level alone */
    PatternCounts(LogLevel lowest) {
        this.lowest = lowest;
    }

    void add(LogPattern pattern, byte[] line, int from, int to) {
        lines++;
        if (pattern.level().compareTo(lowest) < 0) {
            below.merge(pattern.level(), 1L, Long::sum);
            return;
        }
        Key key = new Key(pattern.level(), pattern.hash());
        Entry entry = entries.get(key);
        if (entry == null) {
            if (entries.size() == MAX_PATTERNS) {
                dropped++;
                return;
            }
            entry = new Entry(pattern, sample(line, from, to));
            entries.put(key, entry);
        }
        entry.count++;
    }

    /** Control characters would be obeyed by the terminal. */
    private static String sample(byte[] line, int from, int to) {
        String text = new String(line, from, Math.min(to - from, MAX_SAMPLE), StandardCharsets.UTF_8);
        return Printable.of(text);
    }

    /** The most frequent first, equally frequent ones as they came. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        entries.values().forEach(entry -> rows.add(new Row(entry.pattern, entry.count, entry.sample)));
        rows.sort(Comparator.comparingLong(Row::count).reversed());
        return rows;
    }

    /** Lines of the levels whose patterns are not listed; levels without lines are left out. */
    Map<LogLevel, Long> below() {
        return below;
    }

    /** Lines whose pattern found no room. */
    long dropped() {
        return dropped;
    }

    long lines() {
        return lines;
    }

    int patterns() {
        return entries.size();
    }
}
