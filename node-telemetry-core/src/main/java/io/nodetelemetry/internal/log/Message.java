package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.util.Arrays;

/** Where the message of a line is, in the line or in a copy without escapes, and the level beside it. Used again. */
final class Message {
    /** What comes later in a line does not change its pattern. It bounds the copies too. */
    static final int MAX_LENGTH = 16 * 1024;

    private byte[] text = {};
    private int from;
    private int to;
    private byte[] copy = new byte[256];
    private int copied;
    private boolean found;
    private LogLevel level = LogLevel.UNKNOWN;

    void clear() {
        found = false;
        level = LogLevel.UNKNOWN;
    }

    /** The message is a part of the line itself. */
    void set(byte[] line, int start, int end) {
        text = line;
        from = start;
        to = Math.min(end, start + MAX_LENGTH);
        found = true;
    }

    /** The message is what is appended from now on, until {@link #endCopy}. */
    void beginCopy() {
        copied = 0;
    }

    void append(int b) {
        if (copied == MAX_LENGTH) {
            return;
        }
        if (copied == copy.length) {
            copy = Arrays.copyOf(copy, copied * 2);
        }
        copy[copied++] = (byte) b;
    }

    void endCopy() {
        set(copy, 0, copied);
    }

    boolean isFound() {
        return found;
    }

    byte[] text() {
        return text;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    LogLevel level() {
        return level;
    }

    void setLevel(LogLevel found) {
        level = found;
    }
}
