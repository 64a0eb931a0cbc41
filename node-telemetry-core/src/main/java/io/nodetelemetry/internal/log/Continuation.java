package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

/**
 * Tells whether a line goes on with the message before it, by the lines alone: what runtimes print of exceptions and
 * panics, and what follows a line with a time. Beside that, which part of a line belongs to the message's head.
 */
final class Continuation {
    /** What a line is to the message before it. */
    enum Verdict {
        /** It is a message of its own. */
        BEGINS,
        /** It is part of that message. */
        GOES_ON,
        /** It is part of that message if frames of a trace follow, as the text of an exception can have lines. */
        MAY_GO_ON
    }

    private static final int MAX_UNCERTAIN = 1024;
    private static final byte[] CAUSED_BY = ascii("Caused by: ");
    private static final byte[] SUPPRESSED = ascii("Suppressed: ");
    /** Of Logback, where the cause comes first. */
    private static final byte[] WRAPPED_BY = ascii("Wrapped by: ");
    /** How .NET begins the exception within. */
    private static final byte[] INNER = ascii(" ---> ");

    private static final byte[] STACK_TRACE = ascii("Stack trace:");
    private static final byte[] IN_THREAD = ascii("Exception in thread ");
    private static final byte[] UNHANDLED = ascii("Unhandled exception");

    private static final byte[] TRACEBACK = ascii("Traceback (most recent call last):");
    private static final byte[] DURING = ascii("During handling of the above exception");
    private static final byte[] DIRECT_CAUSE = ascii("The above exception was the direct cause");
    private static final byte[] GROUP = ascii("+ Exception Group Traceback");
    private static final byte[] GROUP_TYPE = ascii("ExceptionGroup");
    private static final byte[] PANIC = ascii("panic: ");
    private static final byte[] FATAL = ascii("fatal error: ");
    private static final byte[] GOROUTINE = ascii("goroutine ");
    private static final byte[] SIGNAL = ascii("[signal ");
    private static final byte[] CREATED_BY = ascii("created by ");
    private static final byte[] EXIT_STATUS = ascii("exit status ");
    private static final byte[] PANIC_CALL = ascii("panic(");
    private static final byte[] RUNTIME_STACK = ascii("runtime stack:");
    private static final byte[] RUST_THREAD = ascii("thread '");
    private static final byte[] PANICKED = ascii(" panicked at ");
    /** Until Rust 1.72 the text was in the same line. */
    private static final byte[] PANICKED_QUOTED = ascii(" panicked at '");

    private static final byte[] NOTE = ascii("note: ");
    private static final byte[] BACKTRACE = ascii("stack backtrace:");
    private static final byte[] NODE_VERSION = ascii("Node.js v");
    private static final byte[] FRAME = ascii("at ");
    private static final byte[] FRAMES_OMITTED = ascii("... ");
    private static final byte[] RUBY_FRAME = ascii("from ");
    private static final byte[] RUBY_PLACE = ascii(":in ");

    private enum Within {
        ANYTHING,
        PYTHON_FRAMES,
        AFTER_PYTHON_TYPE,
        BETWEEN_PYTHON_TRACES,
        /** The trace of an exception group, in a tree of bars. */
        PYTHON_GROUP,
        GO_TRACE,
        /** The next line is what the panic says. */
        RUST_PANIC,
        RUST_TRACE,
        /** The next line is what was thrown at the place in a source file that was shown. */
        NODE_SOURCE,
        NODE_TRACE
    }

    private Within within = Within.ANYTHING;
    private boolean firstIsRecord;
    private boolean firstHasTime;
    private boolean firstIsRuby;
    /** How many lines the record has before a trace can follow. */
    private int recordLines;
    /** Whether an exception's type was named last, so that the rest of its text may follow, or its frames. */
    private boolean awaitsFrames;

    private int headFrom;
    private int headTo;
    private boolean headBeginsAnew;

    /** A message begins with this line. */
    void begin(byte[] line, int from, int to) {
        firstHasTime = LineShape.hasTime(line, from, to);
        firstIsRecord = firstHasTime || LineShape.beginsWithLevel(line, from, to);
        firstIsRuby = isRuby(line, from, to);
        recordLines = 1;
        within = begun(line, from, to);
        awaitsFrames = firstIsRuby
                || LineShape.isPlace(line, from, to)
                || startsWith(line, from, to, IN_THREAD)
                || startsWith(line, from, to, UNHANDLED)
                || LineShape.typeEnd(line, from, to, false) > from;
    }

    /**
     * What the next line is.
     *
     * @param first holds the first line of the message from index 0
     * @param lines of the message until now
     */
    Verdict next(byte[] line, int from, int to, byte[] first, int firstLength, int lines) {
        headFrom = from;
        headTo = from;
        headBeginsAnew = false;
        if (goesOn(line, from, to, first, firstLength, lines)) {
            return Verdict.GOES_ON;
        }
        boolean may = (awaitsFrames || within == Within.RUST_TRACE) && isPlain(line, from, to);
        return may ? Verdict.MAY_GO_ON : Verdict.BEGINS;
    }

    /** Whether this line shows that those before it, which may have been part of the message, were. */
    boolean confirms(byte[] line, int from, int to) {
        if (within == Within.RUST_TRACE) {
            return isRustNote(line, from, to);
        }
        int at = from;
        while (at < to && Ascii.isBlank(line[at])) {
            at++;
        }
        return at > from
                && (within == Within.NODE_SOURCE
                        || startsWith(line, at, to, FRAME)
                        || startsWith(line, at, to, FRAMES_OMITTED)
                        || startsWith(line, at, to, RUBY_FRAME));
    }

    /** What of the line belongs to the head begins here. */
    int headFrom() {
        return headFrom;
    }

    int headTo() {
        return headTo;
    }

    /** Whether what was the head until now does not belong to it. */
    boolean headBeginsAnew() {
        return headBeginsAnew;
    }

    private void toHead(int from, int to) {
        headFrom = from;
        headTo = to;
    }

    private static Within begun(byte[] line, int from, int to) {
        if (startsWith(line, from, to, TRACEBACK)) {
            return Within.PYTHON_FRAMES;
        }
        if (isGroup(line, from, to)) {
            return Within.PYTHON_GROUP;
        }
        if (startsWith(line, from, to, PANIC) || startsWith(line, from, to, FATAL)) {
            return Within.GO_TRACE;
        }
        if (startsWith(line, from, to, RUST_THREAD) && LineShape.contains(line, from, to, PANICKED)) {
            return LineShape.contains(line, from, to, PANICKED_QUOTED) ? Within.RUST_TRACE : Within.RUST_PANIC;
        }
        return Within.ANYTHING;
    }

    private static boolean isGroup(byte[] line, int from, int to) {
        return to - from > 2 && line[from] == ' ' && line[from + 1] == ' ' && startsWith(line, from + 2, to, GROUP);
    }

    private boolean goesOn(byte[] line, int from, int to, byte[] first, int firstLength, int lines) {
        if (goesOnWithin(line, from, to)) {
            return true;
        }
        if (LineShape.isIndented(line, from, to)) {
            return goesOnIndented(line, from, to, first, firstLength, lines);
        }
        if (isCause(line, from, to)) {
            awaitsFrames = true;
            return true;
        }
        if (firstIsRuby && isRuby(line, from, to)) {
            awaitsFrames = true;
            return true;
        }
        if (isClosing(line, from, to)) {
            return true;
        }
        if (lines == 1 && JulHeader.isFollowedBy(first, firstLength, line, from, to)) {
            toHead(from, to);
            headBeginsAnew = true;
            firstIsRecord = true;
            firstHasTime = false;
            recordLines = 2;
            return true;
        }
        if (lines == recordLines && goesOnRecord(line, from, to, first[firstLength - 1] == ':')) {
            return true;
        }
        return firstHasTime
                && line[from] != '{'
                && !LineShape.hasTime(line, from, to)
                && !LineShape.beginsWithLevel(line, from, to);
    }

    private boolean goesOnIndented(byte[] line, int from, int to, byte[] first, int firstLength, int lines) {
        if (isGroup(line, from, to) && !(firstIsRecord && lines == recordLines)) {
            return false;
        }
        if (awaitsFrames && confirms(line, from, to)) {
            awaitsFrames = false;
        }
        if (lines == 1 && LineShape.isDotnetHead(first, firstLength)) {
            int at = from;
            while (Ascii.isBlank(line[at])) {
                at++;
            }
            toHead(at, to);
        } else if (LineShape.isCaret(line, from, to) && LineShape.isPlace(first, 0, firstLength)) {
            within = Within.NODE_SOURCE;
        }
        return true;
    }

    private static boolean isCause(byte[] line, int from, int to) {
        return switch (line[from]) {
            case 'C' -> startsWith(line, from, to, CAUSED_BY);
            case 'S' -> startsWith(line, from, to, SUPPRESSED);
            case 'W' -> startsWith(line, from, to, WRAPPED_BY);
            case ' ' -> startsWith(line, from, to, INNER);
            default -> false;
        };
    }

    /** What ends an object, and PHP's frames. */
    private static boolean isClosing(byte[] line, int from, int to) {
        return switch (line[from]) {
            case '}', ')', ']' -> true;
            case '#' -> to - from > 2 && Ascii.isDigit(line[from + 1]);
            case 'S' -> startsWith(line, from, to, STACK_TRACE);
            default -> false;
        };
    }

    private static boolean isRuby(byte[] line, int from, int to) {
        return line[to - 1] == ')' && LineShape.contains(line, from, to, RUBY_PLACE);
    }

    /** Logging libraries print a trace behind the record that it belongs to. */
    private boolean goesOnRecord(byte[] line, int from, int to, boolean announced) {
        if (!firstIsRecord) {
            boolean isPython = announced && startsWith(line, from, to, TRACEBACK);
            within = isPython ? Within.PYTHON_FRAMES : within;
            boolean isRuby = announced && isRuby(line, from, to);
            firstIsRuby |= isRuby;
            awaitsFrames |= isRuby;
            return isPython || isRuby;
        }
        Within begun = begun(line, from, to);
        if (begun != Within.ANYTHING) {
            within = begun;
            return true;
        }
        int typeEnd = LineShape.typeEnd(line, from, to, false);
        toHead(from, typeEnd);
        awaitsFrames |= typeEnd > from;
        return typeEnd > from;
    }

    private boolean goesOnWithin(byte[] line, int from, int to) {
        return switch (within) {
            case ANYTHING -> false;
            case PYTHON_FRAMES -> pythonFrameOrType(line, from, to);
            case AFTER_PYTHON_TYPE -> {
                boolean chained = startsWith(line, from, to, DURING) || startsWith(line, from, to, DIRECT_CAUSE);
                within = chained ? Within.BETWEEN_PYTHON_TRACES : Within.ANYTHING;
                yield chained;
            }
            case BETWEEN_PYTHON_TRACES -> {
                boolean another = startsWith(line, from, to, TRACEBACK);
                within = another ? Within.PYTHON_FRAMES : Within.ANYTHING;
                yield another;
            }
            case PYTHON_GROUP -> {
                groupType(line, from, to);
                yield !isGroup(line, from, to) && LineShape.isIndented(line, from, to);
            }
            case GO_TRACE -> isGo(line, from, to);
            case RUST_PANIC -> {
                within = Within.RUST_TRACE;
                toHead(from, to);
                yield true;
            }
            case RUST_TRACE -> isRustNote(line, from, to);
            case NODE_SOURCE -> {
                int type = line[from] == '[' ? from + 1 : from;
                toHead(type, LineShape.typeEnd(line, type, to, true));
                awaitsFrames = true;
                within = Within.NODE_TRACE;
                yield true;
            }
            case NODE_TRACE -> {
                boolean isLast = startsWith(line, from, to, NODE_VERSION);
                within = isLast ? Within.ANYTHING : within;
                yield isLast;
            }
        };
    }

    private boolean pythonFrameOrType(byte[] line, int from, int to) {
        if (!LineShape.isIndented(line, from, to)) {
            within = Within.AFTER_PYTHON_TYPE;
            toHead(from, LineShape.typeEnd(line, from, to, true));
        }
        return true;
    }

    /** The first type stands behind a bar: {@code | ExceptionGroup: …}. */
    private void groupType(byte[] line, int from, int to) {
        int at = from;
        while (at < to && (Ascii.isBlank(line[at]) || line[at] == '|')) {
            at++;
        }
        boolean isType = at > from + 1 && at < to && line[at - 2] == '|';
        toHead(at, isType ? LineShape.typeEnd(line, at, to, false) : at);
        // ExceptionGroup does not end as other names do.
        if (isType && headTo == at && startsWith(line, at, to, GROUP_TYPE)) {
            toHead(at, at + GROUP_TYPE.length);
        }
    }

    private static boolean isGo(byte[] line, int from, int to) {
        return startsWith(line, from, to, GOROUTINE)
                || startsWith(line, from, to, CREATED_BY)
                || startsWith(line, from, to, EXIT_STATUS)
                || startsWith(line, from, to, SIGNAL)
                || startsWith(line, from, to, PANIC_CALL)
                || startsWith(line, from, to, RUNTIME_STACK)
                || LineShape.isCall(line, from, to);
    }

    private static boolean isRustNote(byte[] line, int from, int to) {
        return startsWith(line, from, to, NOTE) || startsWith(line, from, to, BACKTRACE);
    }

    private static boolean isPlain(byte[] line, int from, int to) {
        return to - from <= MAX_UNCERTAIN
                && line[from] != '{'
                && begun(line, from, to) == Within.ANYTHING
                && LineShape.typeEnd(line, from, to, false) == from
                && !LineShape.beginsWithLevel(line, from, to)
                && !LineShape.hasTime(line, from, to);
    }
}
