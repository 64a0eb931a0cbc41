package io.nodetelemetry;

import io.nodetelemetry.internal.log.LevelCounts;
import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.internal.log.MessageAssembler;
import io.nodetelemetry.internal.log.PatternTable;
import io.nodetelemetry.internal.log.SecretMask;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.LogPattern;
import io.nodetelemetry.model.LogPatternCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Counts the messages of one log by level and pattern. Lines that go on with the message before them, such as those of a
 * stack trace, are part of it. Memory is bounded by the number of patterns, whatever the log holds. Belongs to one thread
 * at a time.
 */
public final class LogPatternCounter {
    private static final int MAX_SAMPLE = 200;

    private final LogLineReader reader = new LogLineReader();
    private final MessageAssembler assembler = new MessageAssembler(this::message);
    private final PatternTable table;
    private final LogLevel lowest;
    private final LevelCounts below = new LevelCounts();
    private long lines;
    private long messages;

    /**
     * Nothing is counted yet.
     *
     * @param lowest messages below this level are counted by level alone
     * @param maxPatterns patterns of each level that are told apart, at least 1
     */
    public LogPatternCounter(LogLevel lowest, int maxPatterns) {
        if (maxPatterns < 1) {
            throw new IllegalArgumentException("maxPatterns must be at least 1, not " + maxPatterns);
        }
        this.lowest = lowest;
        table = new PatternTable(maxPatterns);
    }

    /**
     * Takes the next line, between two indexes, without its line feed. Any bytes will do; they are read as UTF-8.
     *
     * @throws IndexOutOfBoundsException if there are no such bytes
     */
    public void line(byte[] line, int from, int to) {
        lines++;
        assembler.line(line, from, to);
    }

    /** The log ends here: its last message is complete. */
    public void end() {
        assembler.end();
    }

    private void message(byte[] text, int length, byte[] head, int headLength) {
        messages++;
        reader.read(head, 0, headLength);
        LogLevel level = reader.level();
        if (level.compareTo(lowest) < 0) {
            below.add(level);
        } else if (!table.count(level, reader)) {
            table.add(level, reader, table.hasRoom(level) ? sample(text, length) : "");
        }
    }

    private static String sample(byte[] text, int length) {
        String masked = SecretMask.mask(new String(text, 0, length, StandardCharsets.UTF_8));
        if (masked.length() <= MAX_SAMPLE) {
            return masked;
        }
        // No character is cut in two.
        return masked.substring(
                0, Character.isHighSurrogate(masked.charAt(MAX_SAMPLE - 1)) ? MAX_SAMPLE - 1 : MAX_SAMPLE);
    }

    /** The patterns, the most frequent first. */
    public List<LogPatternCount> counts() {
        List<LogPatternCount> counts = new ArrayList<>(table.size());
        table.forEach(entry -> counts.add(new LogPatternCount(
                new LogPattern(entry.level(), entry.hash(), entry.pattern()), entry.count(), entry.sample())));
        counts.sort(Comparator.comparingLong(LogPatternCount::count)
                .reversed()
                .thenComparing(count -> count.pattern().level())
                .thenComparing(count -> count.pattern().hash()));
        return counts;
    }

    /** Messages of the levels whose patterns are not told apart; levels without any are left out. */
    public Map<LogLevel, Long> countsBelow() {
        return below.toMap();
    }

    /** Messages whose patterns found no room. */
    public long beyondLimit() {
        return table.beyond().sum();
    }

    /** Lines that were taken. */
    public long lines() {
        return lines;
    }

    /** Messages that are complete. */
    public long messages() {
        return messages;
    }
}
