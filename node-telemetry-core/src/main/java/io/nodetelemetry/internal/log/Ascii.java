package io.nodetelemetry.internal.log;

/** What single bytes of UTF-8 are. Bytes above 127 belong to characters outside ASCII and count as letters. */
final class Ascii {
    private Ascii() {}

    static byte lower(byte b) {
        return isUpper(b) ? (byte) (b + ('a' - 'A')) : b;
    }

    static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isHexLetter(byte b) {
        byte lower = lower(b);
        return lower >= 'a' && lower <= 'f';
    }

    static boolean isLetter(byte b) {
        byte lower = lower(b);
        return (lower >= 'a' && lower <= 'z') || b < 0;
    }

    static boolean isWord(byte b) {
        return isLetter(b) || isDigit(b);
    }

    /** White space and control characters, NUL among them. */
    static boolean isBlank(byte b) {
        return (b >= 0 && b <= ' ') || b == 127;
    }
}
