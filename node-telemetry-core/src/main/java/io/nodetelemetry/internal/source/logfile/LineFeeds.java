package io.nodetelemetry.internal.source.logfile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line feeds, eight bytes at a time. */
final class LineFeeds {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FEEDS = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private LineFeeds() {}

    /** Index of the first line feed between two indexes; {@code to} if there is none. */
    static int next(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - 4 * Long.BYTES; at += 4 * Long.BYTES) {
            long first = marks((long) WORD.get(bytes, at));
            long second = marks((long) WORD.get(bytes, at + Long.BYTES));
            long third = marks((long) WORD.get(bytes, at + 2 * Long.BYTES));
            long fourth = marks((long) WORD.get(bytes, at + 3 * Long.BYTES));
            if ((first | second | third | fourth) != 0) {
                break;
            }
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long marks = marks((long) WORD.get(bytes, at));
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** The lowest bit that is set stands in the first byte that is a line feed; higher ones may be wrong. */
    private static long marks(long word) {
        long zeroWhereFeed = word ^ FEEDS;
        return (zeroWhereFeed - ONES) & ~zeroWhereFeed & HIGH_BITS;
    }
}
