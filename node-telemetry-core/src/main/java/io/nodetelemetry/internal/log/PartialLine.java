package io.nodetelemetry.internal.log;

import io.nodetelemetry.internal.log.StreamLines.Stream;

/** The line of one stream that is being joined from parts. What came whole is passed on without a copy. */
final class PartialLine {
    /** A larger buffer is not kept while nothing comes: there may be thousands of logs. */
    private static final int MAX_IDLE = 1024;

    private static final byte[] NOTHING = {};

    private final Stream stream;
    private final StreamLines lines;
    private byte[] buffer = NOTHING;
    private int length;
    private boolean open;

    PartialLine(Stream stream, StreamLines lines) {
        this.stream = stream;
        this.lines = lines;
    }

    boolean isOpen() {
        return open;
    }

    /** The line goes on after this. */
    void part(byte[] text, int from, int to) {
        int added = Math.min(to - from, LogDecoder.MAX_LINE - length);
        reserve(added);
        System.arraycopy(text, from, buffer, length, added);
        length += added;
        open = true;
    }

    /** The line ends with this. */
    void last(byte[] text, int from, int to) {
        if (open) {
            part(text, from, to);
            finish();
        } else {
            give(text, from, Math.min(to, from + LogDecoder.MAX_LINE));
        }
    }

    /** The line goes on after this, whose escapes are to be undone, unless it ends with a line feed. */
    void escaped(byte[] text, int from, int to) {
        int decodedFrom = length;
        reserve(Math.min(to - from, LogDecoder.MAX_LINE - length));
        length = Escapes.decode(text, from, to, buffer, length, LogDecoder.MAX_LINE);
        open = true;
        giveFinished(decodedFrom);
        if (open && endsWithLineFeed(text, from, to)) {
            // There was no room for it.
            finish();
        }
    }

    /** What is there of a line is all. */
    void finish() {
        if (open) {
            give(buffer, 0, length);
            length = 0;
            open = false;
        }
    }

    /** As {@link #finish}, and nothing is expected. */
    void end() {
        finish();
        if (buffer.length > MAX_IDLE) {
            buffer = NOTHING;
        }
    }

    private void giveFinished(int decodedFrom) {
        int start = 0;
        for (int i = decodedFrom; i < length; i++) {
            if (buffer[i] == '\n') {
                give(buffer, start, i);
                start = i + 1;
            }
        }
        if (start > 0) {
            length -= start;
            System.arraycopy(buffer, start, buffer, 0, length);
            open = length > 0;
        }
    }

    private static boolean endsWithLineFeed(byte[] text, int from, int to) {
        int backslash = to - 2;
        while (backslash >= from && text[backslash] == '\\') {
            backslash--;
        }
        return to > from && text[to - 1] == 'n' && (to - backslash) % 2 == 1;
    }

    /** Terminals end lines with a carriage return too. */
    private void give(byte[] text, int from, int to) {
        lines.line(stream, text, from, to > from && text[to - 1] == '\r' ? to - 1 : to);
    }

    private void reserve(int added) {
        if (length + added > buffer.length) {
            byte[] larger = new byte[Math.min(LogDecoder.MAX_LINE, Math.max(length + added, 2 * buffer.length))];
            System.arraycopy(buffer, 0, larger, 0, length);
            buffer = larger;
        }
    }
}
