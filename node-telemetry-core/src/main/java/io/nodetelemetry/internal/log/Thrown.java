package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

import io.nodetelemetry.model.LogLevel;

/**
 * Knows what runtimes print when nobody catches an exception, and libraries when they print one without a level. Such a
 * message is an error: without a pattern of its own, nobody would ever see it.
 */
final class Thrown {
    private static final byte[][] BEGINNINGS = {
        ascii("Traceback (most recent call last)"),
        ascii("Exception in thread "),
        ascii("Unhandled exception"),
        ascii("Unhandled Exception"),
        ascii("Uncaught "),
        ascii("terminate called "),
        ascii("Caused by: "),
        ascii("#<Thread:"),
        ascii("  + Exception Group Traceback"),
    };
    /** Of the beginnings: few lines have one of these. */
    private static final String FIRST_LETTERS = "TEUtC# ";

    private static final byte[] THREAD = ascii("thread '");
    private static final byte[] PANICKED = ascii("panicked at ");
    private static final byte[] WARNING = ascii("Warning");

    private static final byte[] ERROR = ascii("Error");
    private static final byte[] EXCEPTION = ascii("Exception");
    private static final int SHORTEST = ERROR.length;
    /** Of a long text, what is said behind this is no statement's. */
    private static final int MAX_BYTES = 255;

    private Thrown() {}

    static LogLevel level(byte[] text, int from, int to) {
        if (hasBeginning(text, from, to)) {
            return LogLevel.ERROR;
        }
        if (startsWith(text, from, to, THREAD)) {
            return LineShape.contains(text, from, to, PANICKED) ? LogLevel.ERROR : LogLevel.UNKNOWN;
        }
        int typeEnd = LineShape.typeEnd(text, from, to, false);
        if (typeEnd > from) {
            return ofType(text, from, typeEnd);
        }
        LogLevel ofPlace = behindPlace(text, from, to);
        boolean isNamed = ofPlace == LogLevel.UNKNOWN && (endsWithType(text, from, to) || hasType(text, from, to));
        return isNamed ? LogLevel.ERROR : ofPlace;
    }

    private static boolean hasBeginning(byte[] text, int from, int to) {
        if (from == to || FIRST_LETTERS.indexOf(text[from]) < 0) {
            return false;
        }
        for (byte[] beginning : BEGINNINGS) {
            if (startsWith(text, from, to, beginning)) {
                return true;
            }
        }
        return false;
    }

    /** Warnings of Python are types too. */
    private static LogLevel ofType(byte[] text, int from, int to) {
        return endsWith(text, from, to, WARNING) ? LogLevel.WARNING : LogLevel.ERROR;
    }

    /** A place in a source file comes first with Node, {@code /app/a.js:3 TypeError}, Python's warnings, and Ruby. */
    private static LogLevel behindPlace(byte[] text, int from, int to) {
        int end = from;
        while (end < to && !Ascii.isBlank(text[end])) {
            end++;
        }
        int at = end;
        boolean isRuby = at - from > 3 && text[at - 1] == 'n' && text[at - 2] == 'i' && text[at - 3] == ':';
        at -= isRuby ? 3 : 0;
        at -= at > from && text[at - 1] == ':' ? 1 : 0;
        int digitsEnd = at;
        while (at > from && Ascii.isDigit(text[at - 1])) {
            at--;
        }
        if (at == digitsEnd || at - from < 2 || text[at - 1] != ':' || end + 1 >= to || Ascii.isDigit(text[at - 2])) {
            return LogLevel.UNKNOWN;
        }
        if (isRuby) {
            return LogLevel.ERROR;
        }
        int type = end + 1;
        int typeEnd = LineShape.typeEnd(text, type, to, false);
        if (typeEnd > type) {
            return ofType(text, type, typeEnd);
        }
        boolean isThrown = Ascii.isUpper(text[type]) && LineShape.typeEnd(text, type, to, true) == to;
        return isThrown ? LogLevel.ERROR : LogLevel.UNKNOWN;
    }

    /** Whether an exception's text follows its type somewhere: {@code cannot renew: java.io.IOException: no room}. */
    private static boolean hasType(byte[] text, int from, int to) {
        int end = Math.min(to - 1, from + MAX_BYTES);
        int colon = ByteSearch.next(text, from + SHORTEST, end, ':');
        while (colon < end) {
            if (text[colon + 1] == ' '
                    && (endsWith(text, from, colon, ERROR) || endsWith(text, from, colon, EXCEPTION))) {
                return true;
            }
            colon = ByteSearch.next(text, colon + 1, end, ':');
        }
        return false;
    }

    private static boolean endsWith(byte[] text, int from, int to, byte[] end) {
        return to - from >= end.length && startsWith(text, to - end.length, to, end);
    }

    /** Whether a name such as {@code java.io.IOException} is the last word: the type of the trace behind a record. */
    private static boolean endsWithType(byte[] text, int from, int to) {
        int at = to;
        boolean dotted = false;
        while (at > from && !Ascii.isBlank(text[at - 1])) {
            at--;
            dotted |= text[at] == '.';
        }
        return dotted && LineShape.typeEnd(text, at, to, false) == to;
    }
}
