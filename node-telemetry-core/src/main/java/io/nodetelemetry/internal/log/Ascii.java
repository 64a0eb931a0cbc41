package io.nodetelemetry.internal.log;

import java.util.function.IntPredicate;

/** What single bytes of UTF-8 are. Bytes above 127 belong to characters outside ASCII and count as letters. */
final class Ascii {
    static final int DIGIT = 1;
    static final int UPPER = 1 << 1;
    static final int LETTER = 1 << 2;
    /** Letters and digits. */
    static final int WORD = 1 << 3;
    /** Any byte but a letter from a to f. */
    static final int NOT_HEX_LETTER = 1 << 4;
    /** White space and control characters, NUL among them. */
    static final int BLANK = 1 << 5;
    /** What stands between words, or may. */
    static final int SEPARATOR = 1 << 6;
    /** What ends the value behind an equals sign. */
    static final int VALUE_END = 1 << 7;
    /** Punctuation that is no part of the word beside it. */
    static final int EDGE = 1 << 8;
    /** What tells paths, addresses and names with dots from words, inside of these. */
    static final int INNER = 1 << 9;
    /** What stands around a level in the beginning of a line. */
    static final int BORDER = 1 << 10;
    /** Any byte but hexadecimal digits and colons. */
    static final int OUTSIDE_ADDRESS = 1 << 11;

    static final int UNDERSCORE = 1 << 12;

    /** By byte, as an unsigned number: tables are faster than questions, most of all in code that is compiled simply. */
    private static final short[] BITS = new short[256];

    static {
        mark(DIGIT, b -> b >= '0' && b <= '9');
        mark(UPPER, b -> b >= 'A' && b <= 'Z');
        mark(LETTER, b -> b > 127 || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z'));
        mark(WORD, b -> b > 127 || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9'));
        mark(NOT_HEX_LETTER, b -> !((b >= 'A' && b <= 'F') || (b >= 'a' && b <= 'f')));
        mark(BLANK, b -> b <= ' ' || b == 127);
        mark(SEPARATOR, b -> b <= ' ' || b == 127 || ",;:()[]{}<>\"'`|=".indexOf(b) >= 0);
        mark(VALUE_END, b -> b <= ' ' || b == 127 || ",;)]}>\"".indexOf(b) >= 0);
        mark(EDGE, b -> ".*#-!?~^".indexOf(b) >= 0);
        mark(INNER, b -> "/\\.@".indexOf(b) >= 0);
        mark(OUTSIDE_ADDRESS, b -> b != ':' && Character.digit(b, 16) < 0);
        mark(UNDERSCORE, b -> b == '_');
        mark(BORDER, b -> "[]()<>\"';|:,.=!+/".indexOf(b) >= 0);
    }

    private Ascii() {}

    private static void mark(int bit, IntPredicate bytes) {
        for (int b = 0; b < BITS.length; b++) {
            BITS[b] |= (short) (bytes.test(b) ? bit : 0);
        }
    }

    /** All that is true of a byte. */
    static int bits(byte b) {
        return BITS[b & 0xff];
    }

    static byte lower(byte b) {
        return isUpper(b) ? (byte) (b + ('a' - 'A')) : b;
    }

    static byte upper(byte b) {
        return b >= 'a' && b <= 'z' ? (byte) (b - ('a' - 'A')) : b;
    }

    static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isLetter(byte b) {
        return (bits(b) & LETTER) != 0;
    }

    static boolean isWord(byte b) {
        return (bits(b) & WORD) != 0;
    }

    static boolean isHexDigit(byte b) {
        return (bits(b) & (DIGIT | NOT_HEX_LETTER)) != NOT_HEX_LETTER;
    }

    static boolean isBlank(byte b) {
        return (bits(b) & BLANK) != 0;
    }
}
