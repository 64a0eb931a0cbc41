package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

/**
 * Finds text and stream in a line of Docker's {@code json-file}: an object of JSON with the members {@code log},
 * {@code stream}, {@code attrs} if there are any, and {@code time}. The order in which dockerd writes them is tried
 * first, as it is quicker. Used again for each line.
 */
final class DockerRecord {
    static final byte[] BEGIN = ascii("{\"log\":\"");

    private static final byte[] STDOUT = ascii("\",\"stream\":\"stdout\"");
    private static final byte[] STDERR = ascii("\",\"stream\":\"stderr\"");
    private static final byte[] TIME = ascii(",\"time\":\"");
    private static final byte[] NAME_LOG = ascii("log");
    private static final byte[] NAME_STREAM = ascii("stream");
    private static final byte[] VALUE_STDERR = ascii("stderr");

    private final JsonText json = new JsonText();
    private byte[] text = {};
    private int logStart;
    private int logEnd;
    private int firstEscape;
    private boolean found;
    private boolean closed;
    private boolean isErr;
    private boolean hasStream;

    /** Whether the line is a whole record, with its text. What was found of one that is not can be asked for, too. */
    boolean read(byte[] line, int from, int to) {
        text = line;
        return readAsWritten(from, to) || readObject(from, to);
    }

    /** Whether there is a text, be it without an end. */
    boolean hasText() {
        return found;
    }

    int textFrom() {
        return logStart;
    }

    int textTo() {
        return logEnd;
    }

    /** The first backslash in the text, or {@link JsonText#NONE}. */
    int firstEscape() {
        return firstEscape;
    }

    /** Whether the text's end was found. */
    boolean isTextClosed() {
        return closed;
    }

    boolean hasStream() {
        return hasStream;
    }

    /** Whether the text was written to standard error. */
    boolean isErr() {
        return isErr;
    }

    private boolean readAsWritten(int from, int to) {
        if (!startsWith(text, from, to, BEGIN)) {
            return false;
        }
        json.begin(text, from + BEGIN.length - 1, to);
        if (!json.skipString()) {
            return false;
        }
        int quote = json.at() - 1;
        boolean err = startsWith(text, quote, to, STDERR);
        int time = quote + STDERR.length;
        if (!(err || startsWith(text, quote, to, STDOUT)) || !startsWith(text, time, to, TIME)) {
            return false;
        }
        int timeEnd = ByteSearch.either(text, time + TIME.length, to, '"', '\\');
        if (timeEnd != to - 2 || text[timeEnd] != '"' || text[timeEnd + 1] != '}') {
            return false;
        }
        setText(from + BEGIN.length, quote, true);
        hasStream = true;
        isErr = err;
        return true;
    }

    private void setText(int from, int to, boolean isClosed) {
        found = true;
        logStart = from;
        logEnd = to;
        closed = isClosed;
        firstEscape = json.firstEscape();
    }

    private boolean readObject(int from, int to) {
        found = false;
        hasStream = false;
        isErr = false;
        json.begin(text, from, to);
        if (!json.take('{')) {
            return false;
        }
        boolean more = true;
        while (more) {
            if (!member()) {
                return false;
            }
            more = json.take(',');
        }
        boolean ends = json.take('}');
        json.skipBlanks();
        return ends && json.isAtEnd() && found;
    }

    private boolean member() {
        json.skipBlanks();
        int name = json.at() + 1;
        if (!json.skipString()) {
            return false;
        }
        int nameEnd = json.at() - 1;
        if (!json.take(':')) {
            return false;
        }
        json.skipBlanks();
        if (!json.isString()) {
            return json.skipValue();
        }
        int value = json.at() + 1;
        boolean isClosed = json.skipString();
        int valueEnd = isClosed ? json.at() - 1 : json.at();
        if (!found && is(NAME_LOG, name, nameEnd)) {
            setText(value, valueEnd, isClosed);
        } else if (is(NAME_STREAM, name, nameEnd)) {
            hasStream = isClosed;
            isErr = is(VALUE_STDERR, value, valueEnd);
        }
        return isClosed;
    }

    private boolean is(byte[] expected, int from, int to) {
        return to - from == expected.length && startsWith(text, from, to, expected);
    }
}
