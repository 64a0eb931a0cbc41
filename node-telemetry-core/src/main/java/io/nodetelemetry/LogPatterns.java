package io.nodetelemetry;

import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.model.LogPattern;

/**
 * Finds the pattern of log lines. It is a function of the line alone, so that order, other lines and machines play no
 * part. Belongs to one thread at a time.
 */
public final class LogPatterns {
    private final LogLineReader reader = new LogLineReader();

    /** Needs nothing and holds no resource. */
    public LogPatterns() {}

    /**
     * The hash of the pattern alone, which is quicker.
     *
     * @return as {@link LogPattern#hash}
     * @throws IndexOutOfBoundsException if there are no such bytes
     */
    public String hashOf(byte[] line, int from, int to) {
        reader.read(line, from, to);
        return reader.hash();
    }

    /**
     * The pattern of the line between two indexes, without its line feed. Any bytes will do; they are read as UTF-8.
     *
     * @throws IndexOutOfBoundsException if there are no such bytes
     */
    public LogPattern patternOf(byte[] line, int from, int to) {
        reader.read(line, from, to);
        return new LogPattern(reader.level(), reader.hash(), reader.pattern());
    }
}
