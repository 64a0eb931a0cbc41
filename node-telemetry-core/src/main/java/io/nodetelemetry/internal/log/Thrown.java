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
    };
    private static final byte[] THREAD = ascii("thread '");
    private static final byte[] PANICKED = ascii("panicked at ");
    private static final byte[] WARNING = ascii("Warning");

    private Thrown() {}

    static LogLevel level(byte[] text, int from, int to) {
        for (byte[] beginning : BEGINNINGS) {
            if (startsWith(text, from, to, beginning)) {
                return LogLevel.ERROR;
            }
        }
        if (startsWith(text, from, to, THREAD)) {
            return LineShape.contains(text, from, to, PANICKED) ? LogLevel.ERROR : LogLevel.UNKNOWN;
        }
        int typeEnd = LineShape.typeEnd(text, from, to, false);
        if (typeEnd > from) {
            return ofType(text, from, typeEnd);
        }
        LogLevel ofPlace = behindPlace(text, from, to);
        return ofPlace == LogLevel.UNKNOWN && endsWithType(text, from, to) ? LogLevel.ERROR : ofPlace;
    }

    /** Warnings of Python are types too. */
    private static LogLevel ofType(byte[] text, int from, int to) {
        boolean isWarning = to - from >= WARNING.length && startsWith(text, to - WARNING.length, to, WARNING);
        return isWarning ? LogLevel.WARNING : LogLevel.ERROR;
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
        if (at == digitsEnd || at - from < 2 || text[at - 1] != ':' || end >= to || Ascii.isDigit(text[at - 2])) {
            return LogLevel.UNKNOWN;
        }
        if (isRuby) {
            return LogLevel.ERROR;
        }
        int typeEnd = LineShape.typeEnd(text, end + 1, to, false);
        return typeEnd > end + 1 ? ofType(text, end + 1, typeEnd) : LogLevel.UNKNOWN;
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
