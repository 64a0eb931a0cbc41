package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/**
 * The first of the two lines that java.util.logging writes for a record: time, class and method, in the format of the
 * locale. Level and message are in the second one: {@code WARNING: no room}.
 */
final class JulHeader {
    private JulHeader() {}

    /** Whether the first line of a message is one, by the line that follows. */
    static boolean isFollowedBy(byte[] first, int length, byte[] line, int from, int to) {
        int at = from;
        while (at < to && Ascii.isUpper(line[at])) {
            at++;
        }
        return at > from
                && at + 1 < to
                && line[at] == ':'
                && line[at + 1] == ' '
                && LevelWords.of(line, from, at) != LogLevel.UNKNOWN
                && isHeader(first, length);
    }

    private static boolean isHeader(byte[] text, int length) {
        int method = wordStart(text, length);
        if (method < 2 || method == length || !isName(text, method, length)) {
            return false;
        }
        int type = wordStart(text, method - 1);
        return type > 0 && isName(text, type, method - 1) && hasTime(text, type);
    }

    private static int wordStart(byte[] text, int end) {
        int at = end;
        while (at > 0 && text[at - 1] != ' ') {
            at--;
        }
        return at;
    }

    private static boolean isName(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (!Ascii.isWord(b) && b != '.' && b != '$' && b != '_' && b != '<' && b != '>') {
                return false;
            }
        }
        return to > from && !Ascii.isDigit(text[from]);
    }

    /** Minutes and seconds; the hour may have one digit, and be followed by AM or PM. */
    private static boolean hasTime(byte[] text, int to) {
        for (int i = 1; i + 5 < to; i++) {
            if (text[i] == ':'
                    && text[i + 3] == ':'
                    && Ascii.isDigit(text[i - 1])
                    && Ascii.isDigit(text[i + 1])
                    && Ascii.isDigit(text[i + 2])
                    && Ascii.isDigit(text[i + 4])) {
                return true;
            }
        }
        return false;
    }
}
