package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** Where the message of a line is, in the line or in a copy without escapes, and the level beside it. Used again. */
final class Message {
    /** What comes later in a line does not change its pattern. It bounds the copies too. */
    static final int MAX_LENGTH = 16 * 1024;

    private byte[] text = {};
    private int from;
    private int to;
    private byte[] copy = new byte[256];
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

    /** The message is that part of a line, with its escapes undone. */
    void setEscaped(byte[] line, int start, int end) {
        int needed = Math.min(end - start, MAX_LENGTH);
        reserve(needed);
        set(copy, 0, Escapes.decode(line, start, end, copy, 0, needed));
    }

    /** Takes terminals' control sequences out, and ends the message with its first line that is not blank. */
    void clean() {
        int at = ByteSearch.either(text, from, to, TerminalCodes.ESCAPE, '\n');
        if (at == to) {
            return;
        }
        byte[] source = text;
        int start = from;
        reserve(to - start);
        set(copy, 0, TerminalCodes.remove(source, start, to, copy));
        while (from < to && Ascii.isBlank(text[from])) {
            from++;
        }
        to = ByteSearch.next(text, from, to, '\n');
    }

    private void reserve(int needed) {
        if (needed > copy.length) {
            copy = new byte[Math.min(MAX_LENGTH, Math.max(needed, 2 * copy.length))];
        }
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
