package io.nodetelemetry.internal.export;

/**
 * A label value between the quotes of a Prometheus text line: UTF-8, with backslash, quote and line feed escaped. A lone
 * surrogate has no UTF-8 form and becomes {@code ?}.
 */
final class EscapedText {
    private EscapedText() {}

    /** How many bytes {@link #put} will write. */
    static int length(String value) {
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                length += isEscaped(c) ? 2 : 1;
            } else if (c < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else if (isPair(value, i)) {
                length += 4;
                i++;
            } else {
                length++;
            }
        }
        return length;
    }

    /** Writes the value at that place and returns the place after it. */
    static int put(String value, byte[] out, int at) {
        int to = at;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                if (isEscaped(c)) {
                    out[to++] = '\\';
                }
                out[to++] = (byte) (c == '\n' ? 'n' : c);
            } else if (c < 0x800) {
                out[to++] = (byte) (0xC0 | (c >> 6));
                out[to++] = continuation(c);
            } else if (!Character.isSurrogate(c)) {
                out[to++] = (byte) (0xE0 | (c >> 12));
                out[to++] = continuation(c >> 6);
                out[to++] = continuation(c);
            } else if (isPair(value, i)) {
                int point = Character.toCodePoint(c, value.charAt(++i));
                out[to++] = (byte) (0xF0 | (point >> 18));
                out[to++] = continuation(point >> 12);
                out[to++] = continuation(point >> 6);
                out[to++] = continuation(point);
            } else {
                out[to++] = '?';
            }
        }
        return to;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    private static boolean isEscaped(char c) {
        return c == '\\' || c == '"' || c == '\n';
    }

    private static boolean isPair(String value, int high) {
        return Character.isHighSurrogate(value.charAt(high))
                && high + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(high + 1));
    }
}
