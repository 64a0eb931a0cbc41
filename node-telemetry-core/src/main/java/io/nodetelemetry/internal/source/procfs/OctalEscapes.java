package io.nodetelemetry.internal.source.procfs;

/** The escapes of {@code mountinfo} and its kin: blank, tab, newline and backslash as three octal digits. */
final class OctalEscapes {
    private OctalEscapes() {}

    /** {@code a\040b} is {@code a b}; what is no escape stays as it is. */
    static String decode(String text) {
        int escape = text.indexOf('\\');
        if (escape < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int start = 0;
        while (escape >= 0) {
            out.append(text, start, escape);
            start = escape;
            if (isEscape(text, escape)) {
                out.append((char) Integer.parseInt(text, escape + 1, escape + 4, 8));
                start = escape + 4;
            } else {
                out.append('\\');
                start++;
            }
            escape = text.indexOf('\\', start);
        }
        return out.append(text, start, text.length()).toString();
    }

    /** Only ASCII is ever escaped, so one escape is one character. */
    private static boolean isEscape(String text, int at) {
        return at + 3 < text.length()
                && (text.charAt(at + 1) == '0' || text.charAt(at + 1) == '1')
                && isOctal(text.charAt(at + 2))
                && isOctal(text.charAt(at + 3));
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}
