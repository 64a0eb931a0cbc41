package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;

/** What the outside of a line says about whether it begins a message. Pure functions of its bytes. */
final class LineShape {
    private static final int MAX_TIME_OFFSET = 100;
    private static final int TIME_LENGTH = "12:34:56".length();
    private static final int MAX_TYPE_LENGTH = 200;
    private static final byte[][] TYPE_ENDS = {
        ascii("Exception"), ascii("Error"), ascii("Throwable"), ascii("Failure"), ascii("Interrupt"), ascii("Warning")
    };

    private LineShape() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where the NULs end that a file has where nobody wrote: after a power loss, or a truncation below its writer. */
    static int skipNuls(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] == 0) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isBlank(line[i])) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWith(byte[] line, int from, int to, byte[] prefix) {
        return to - from >= prefix.length && line[from] == prefix[0] && ByteSearch.isAt(line, from, prefix);
    }

    static boolean contains(byte[] line, int from, int to, byte[] part) {
        int end = to - part.length + 1;
        int at = ByteSearch.next(line, from, end, part[0]);
        while (at < end) {
            if (startsWith(line, at, to, part)) {
                return true;
            }
            at = ByteSearch.next(line, at + 1, end, part[0]);
        }
        return false;
    }

    /** One blank alone is a slip, a tab or two blanks are meant. */
    static boolean isIndented(byte[] line, int from, int to) {
        return to - from > 1 && (line[from] == '\t' || (line[from] == ' ' && Ascii.isBlank(line[from + 1])));
    }

    /** Whether it points at a place in the line above it: {@code ^} or {@code ^^^^} alone. */
    static boolean isCaret(byte[] line, int from, int to) {
        boolean found = false;
        for (int i = from; i < to; i++) {
            found |= line[i] == '^';
            if (line[i] != '^' && !Ascii.isBlank(line[i])) {
                return false;
            }
        }
        return found;
    }

    /** Whether a time of day as in {@code 12:34:56} stands in the beginning. */
    static boolean hasTime(byte[] line, int from, int to) {
        int end = Math.min(to, from + MAX_TIME_OFFSET);
        int i = from + TIME_LENGTH;
        while (i <= end) {
            byte b = line[i - 1];
            if (b < '0' || b > ':') {
                // No time holds it.
                i += TIME_LENGTH;
            } else if (isTime(line, i - TIME_LENGTH)) {
                return true;
            } else {
                i++;
            }
        }
        return false;
    }

    private static boolean isTime(byte[] line, int at) {
        return line[at + 2] == ':'
                && line[at + 5] == ':'
                && Ascii.isDigit(line[at])
                && Ascii.isDigit(line[at + 1])
                && Ascii.isDigit(line[at + 3])
                && Ascii.isDigit(line[at + 4])
                && Ascii.isDigit(line[at + 6])
                && Ascii.isDigit(line[at + 7]);
    }

    /** Whether the first word is a level, in brackets or not: {@code [ERROR] …}, {@code warn: …}. */
    static boolean beginsWithLevel(byte[] line, int from, int to) {
        int start = from;
        if (start < to && (line[start] == '[' || line[start] == '<' || line[start] == '(')) {
            start++;
        }
        int end = start;
        while (end < to && Ascii.isLetter(line[end])) {
            end++;
        }
        boolean wordEnds = end == to
                || Ascii.isBlank(line[end])
                || line[end] == ':'
                || line[end] == ']'
                || line[end] == '>'
                || line[end] == ')'
                || line[end] == '|'
                || line[end] == ',';
        return end > start && wordEnds && LevelWords.of(line, start, end) != LogLevel.UNKNOWN;
    }

    /**
     * The end of the type that begins here, as in {@code java.io.IOException: disk full} or a bare {@code KeyError};
     * {@code from} if there is none.
     *
     * @param known whether it must be a type: then its name may be any
     */
    static int typeEnd(byte[] line, int from, int to, boolean known) {
        int at = from;
        int dots = 0;
        int end = Math.min(to, from + MAX_TYPE_LENGTH);
        while (at < end && (Ascii.isWord(line[at]) || line[at] == '.' || line[at] == '_' || line[at] == '$')) {
            dots += line[at] == '.' ? 1 : 0;
            at++;
        }
        boolean ends = at == to || line[at] == ':' || (dots > 0 && Ascii.isBlank(line[at]));
        if (at == from || !ends || Ascii.isDigit(line[from])) {
            return from;
        }
        return known || hasTypeEnd(line, from, at) ? at : from;
    }

    private static boolean hasTypeEnd(byte[] line, int from, int to) {
        for (byte[] end : TYPE_ENDS) {
            if (to - from >= end.length && startsWith(line, to - end.length, to, end)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the line is a place in a source file and nothing else: {@code /app/server.js:3}. */
    static boolean isPlace(byte[] line, int from, int to) {
        int at = to;
        while (at > from && Ascii.isDigit(line[at - 1])) {
            at--;
        }
        if (at == to || at < from + 2 || line[at - 1] != ':') {
            return false;
        }
        while (at > from && !Ascii.isBlank(line[at - 1])) {
            at--;
        }
        return at == from;
    }

    /** Whether .NET began a record, of which level and category have a line of their own: {@code warn: App.Disk[7]}. */
    static boolean isDotnetHead(byte[] line, int length) {
        return length > 6 && line[4] == ':' && line[5] == ' ' && line[length - 1] == ']' && Ascii.isLetter(line[0]);
    }

    /** A frame of Go's traces: {@code main.(*Server).run(0xc000, …)}. */
    static boolean isCall(byte[] line, int from, int to) {
        int at = from;
        int dots = 0;
        while (at < to && !Ascii.isBlank(line[at]) && !(line[at] == '(' && at > from && line[at - 1] != '.')) {
            dots += line[at] == '.' ? 1 : 0;
            at++;
        }
        return dots > 0 && at < to && line[at] == '(' && line[to - 1] == ')';
    }
}
