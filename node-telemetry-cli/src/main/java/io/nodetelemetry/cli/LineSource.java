package io.nodetelemetry.cli;

import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream of bytes into lines, without a copy for each. */
final class LineSource {
    /** In bytes; the rest of a longer line is left out. */
    static final int MAX_LINE = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[2 * MAX_LINE];
    private int filled;
    private int start;
    private int end;
    private int following;

    LineSource(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        start = following;
        int at = start;
        while (true) {
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            if (at < filled) {
                following = at + 1;
                break;
            }
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            start = 0;
            filled = Math.min(filled, MAX_LINE);
            at = filled;
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                if (filled == 0) {
                    following = 0;
                    return false;
                }
                following = filled;
                break;
            }
            filled += count;
        }
        end = Math.min(at, start + MAX_LINE);
        if (end > start && buffer[end - 1] == '\r') {
            end--;
        }
        return true;
    }

    /** The bytes that hold the line, until the next one. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** Behind the last byte of the line, its line feed and a carriage return before it left out. */
    int end() {
        return end;
    }
}
