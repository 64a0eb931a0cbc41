package io.nodetelemetry.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Cuts a stream of bytes into lines, without a copy for each. */
final class LineSource {
    /** In bytes; the rest of a longer line is left out. */
    static final int MAX_LINE = 64 * 1024;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final long FEEDS = '\n' * ONES;

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
            at = nextFeed(at);
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

    /** The index of the next line feed that was read, looked for in eight bytes at a time; where that ends if there is none. */
    private int nextFeed(int from) {
        int at = from;
        for (; at + Long.BYTES <= filled; at += Long.BYTES) {
            long zeroWhereFeed = (long) LONGS.get(buffer, at) ^ FEEDS;
            // The lowest of these bits stands in the first byte that is zero.
            long found = (zeroWhereFeed - ONES) & ~zeroWhereFeed & HIGHEST_BITS;
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (at < filled && buffer[at] != '\n') {
            at++;
        }
        return at;
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
