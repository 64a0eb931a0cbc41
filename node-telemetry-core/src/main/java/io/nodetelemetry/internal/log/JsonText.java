package io.nodetelemetry.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Goes through JSON (RFC 8259) from one member of an object to the next. Values that nobody asks for are skipped by
 * counting brackets: what does not match in them is none of our business. Takes time in proportion to the text. Used
 * again for each line.
 */
final class JsonText {
    /** Of a string without a backslash. */
    static final int NONE = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private byte[] text = {};
    private int end;
    private int at;
    private int firstEscape;

    void begin(byte[] line, int from, int to) {
        text = line;
        at = from;
        end = to;
    }

    int at() {
        return at;
    }

    /** Where the first backslash is in the string that was skipped last, or {@link #NONE}. */
    int firstEscape() {
        return firstEscape;
    }

    /** Whether there is nothing left. */
    boolean isAtEnd() {
        return at == end;
    }

    /** Whether a string begins here. */
    boolean isString() {
        return at < end && text[at] == '"';
    }

    boolean take(char expected) {
        skipBlanks();
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    void skipBlanks() {
        while (at < end && Ascii.isBlank(text[at])) {
            at++;
        }
    }

    /** Goes behind the closing quote; false if there is no string or it has no end. */
    boolean skipString() {
        if (!isString()) {
            return false;
        }
        at++;
        firstEscape = NONE;
        while (true) {
            at = quoteOrBackslash(text, at, end);
            if (at == end) {
                return false;
            }
            if (text[at++] == '"') {
                return true;
            }
            if (firstEscape == NONE) {
                firstEscape = at - 1;
            }
            at = Math.min(at + 1, end);
        }
    }

    /** Goes to the comma or bracket behind the value; false if it has no end. */
    boolean skipValue() {
        int depth = 0;
        while (at < end) {
            switch (text[at]) {
                case '"' -> {
                    if (!skipString()) {
                        return false;
                    }
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (depth-- == 0) {
                        return true;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                default -> {}
            }
            at++;
        }
        return false;
    }

    /** The index of the next quote or backslash, or {@code to}. */
    static int quoteOrBackslash(byte[] text, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long eight = (long) LONGS.get(text, i);
            long found = zeros(eight ^ ('"' * ONES)) | zeros(eight ^ ('\\' * ONES));
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < to && text[i] != '"' && text[i] != '\\') {
            i++;
        }
        return i;
    }

    /** The highest bit of the lowest byte that is zero is set; below it, no bit is. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHEST_BITS;
    }
}
