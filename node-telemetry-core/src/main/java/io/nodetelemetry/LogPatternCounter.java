package io.nodetelemetry;

import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.internal.log.MessageAssembler;
import io.nodetelemetry.internal.log.MessageCounts;
import io.nodetelemetry.internal.log.PatternRoom;
import io.nodetelemetry.internal.log.PatternTable;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.LogPattern;
import io.nodetelemetry.model.LogPatternCount;
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

    private final MessageAssembler assembler = new MessageAssembler(this::message);
    private final MessageCounts counts;
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
        counts = new MessageCounts(
                new MessageCounts.Rules(lowest, true, MAX_SAMPLE), new LogLineReader(), new PatternRoom(maxPatterns));
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
        counts.count(text, length, head, headLength, LogLevel.UNKNOWN);
    }

    /** The patterns, the most frequent first. */
    public List<LogPatternCount> counts() {
        PatternTable table = counts.patterns();
        List<LogPatternCount> sorted = new ArrayList<>(table.size());
        for (int i = 0; i < table.size(); i++) {
            PatternTable.Entry entry = table.entry(i);
            LogPattern pattern = new LogPattern(entry.level(), entry.hash(), entry.pattern());
            sorted.add(new LogPatternCount(pattern, entry.count(), entry.sample()));
        }
        sorted.sort(Comparator.comparingLong(LogPatternCount::count)
                .reversed()
                .thenComparing(count -> count.pattern().level())
                .thenComparing(count -> count.pattern().hash()));
        return sorted;
    }

    /** Messages of the levels whose patterns are not told apart; levels without any are left out. */
    public Map<LogLevel, Long> countsBelow() {
        return counts.below().toMap();
    }

    /** Messages whose patterns found no room. */
    public long beyondLimit() {
        return counts.patterns().beyond().sum();
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
