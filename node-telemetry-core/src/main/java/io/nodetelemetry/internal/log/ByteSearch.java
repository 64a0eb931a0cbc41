package io.nodetelemetry.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for bytes, eight at a time. */
final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private ByteSearch() {}

    /** The index of the next byte that is the one of ASCII, or {@code to}. */
    static int next(byte[] text, int from, int to, int one) {
        long eightTimes = one * ONES;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long found = zeros((long) LONGS.get(text, i) ^ eightTimes);
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < to && text[i] != one) {
            i++;
        }
        return i;
    }

    /** The index of the next byte that is one or the other, both of ASCII, or {@code to}. */
    static int either(byte[] text, int from, int to, int one, int other) {
        long eightTimes = one * ONES;
        long eightOthers = other * ONES;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long eight = (long) LONGS.get(text, i);
            long found = zeros(eight ^ eightTimes) | zeros(eight ^ eightOthers);
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < to && text[i] != one && text[i] != other) {
            i++;
        }
        return i;
    }

    /** Whether the expected bytes are at that index, where the text has as many. */
    static boolean isAt(byte[] text, int at, byte[] expected) {
        int i = 0;
        for (; i + Long.BYTES <= expected.length; i += Long.BYTES) {
            if ((long) LONGS.get(text, at + i) != (long) LONGS.get(expected, i)) {
                return false;
            }
        }
        while (i < expected.length && text[at + i] == expected[i]) {
            i++;
        }
        return i == expected.length;
    }

    /** The highest bit of the lowest byte that is zero is set; below it, no bit is. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHEST_BITS;
    }
}
