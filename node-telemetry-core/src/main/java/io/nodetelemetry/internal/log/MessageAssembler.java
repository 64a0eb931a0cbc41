package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

/**
 * Joins the lines of one stream into messages: stack traces of Java, Python, Go, Node, .NET, Ruby and Rust, and what
 * follows a line that begins with a time. Whether a line goes on with the message before it depends on these lines
 * alone. Memory is bounded by {@link #MAX_TEXT} whatever the lines are.
 *
 * <p>A message is complete when the next one begins, or when its reader calls {@link #end} as nothing came for a while.
 * Belongs to one thread.
 */
public final class MessageAssembler {
    /** Receives messages. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * Takes one message; the buffers hold it during the call only.
         *
         * @param text all lines, joined by line feeds, or as many as fit
         * @param textLength of the text in bytes
         * @param head what the message's statement shows in: the first line, and the type of the exception whose trace
         *     follows
         * @param headLength of the head in bytes
         */
        void message(byte[] text, int textLength, byte[] head, int headLength);
    }

    /** Bytes of a message that are kept. */
    public static final int MAX_TEXT = 16 * 1024;
    /** What goes on for longer is no message. */
    private static final int MAX_LINES = 1_000;

    private static final byte[] NEWLINE = {'\n'};
    private static final byte[] CAUSED_BY = ascii("Caused by: ");
    private static final byte[] SUPPRESSED = ascii("Suppressed: ");
    /** How .NET begins the exception within. */
    private static final byte[] INNER = ascii(" ---> ");

    private static final byte[] TRACEBACK = ascii("Traceback (most recent call last):");
    private static final byte[] DURING = ascii("During handling of the above exception");
    private static final byte[] DIRECT_CAUSE = ascii("The above exception was the direct cause");
    private static final byte[] PANIC = ascii("panic: ");
    private static final byte[] FATAL = ascii("fatal error: ");
    private static final byte[] GOROUTINE = ascii("goroutine ");
    private static final byte[] SIGNAL = ascii("[signal ");
    private static final byte[] CREATED_BY = ascii("created by ");
    private static final byte[] EXIT_STATUS = ascii("exit status ");
    private static final byte[] RUST_THREAD = ascii("thread '");
    private static final byte[] PANICKED = ascii(" panicked at ");
    private static final byte[] NOTE = ascii("note: ");
    private static final byte[] BACKTRACE = ascii("stack backtrace:");

    /** What the message is in the middle of. */
    private enum Within {
        ANYTHING,
        PYTHON_FRAMES,
        AFTER_PYTHON_TYPE,
        BETWEEN_PYTHON_TRACES,
        GO_TRACE,
        /** The next line is what the panic says. */
        RUST_PANIC,
        RUST_TRACE,
        /** The next line names the error of the source line that was shown. */
        NODE_SOURCE
    }

    private final Consumer consumer;
    private byte[] text = new byte[256];
    private int length;
    private int firstLength;
    private byte[] head = {};
    private int headLength;
    private int lines;
    private int blankLines;
    private boolean firstIsRecord;
    private boolean firstHasTime;
    private Within within = Within.ANYTHING;

    public MessageAssembler(Consumer consumer) {
        this.consumer = consumer;
    }

    /** Takes the next line of the stream, without its line feed. */
    public void line(byte[] line, int from, int to) {
        if (LineShape.isBlank(line, from, to)) {
            // Whether it belongs to the message shows with the next line.
            blankLines++;
            return;
        }
        if (lines > 0 && lines < MAX_LINES && goesOn(line, from, to)) {
            lines++;
            for (int i = 0; i <= blankLines; i++) {
                append(NEWLINE, 0, 1);
            }
            append(line, from, to);
        } else {
            end();
            begin(line, from, to);
        }
        blankLines = 0;
    }

    /** What is open is complete. */
    public void end() {
        if (lines > 0) {
            lines = 0;
            consumer.message(text, length, headLength > 0 ? head : text, headLength > 0 ? headLength : firstLength);
        }
        blankLines = 0;
    }

    /** Whether a message is open. */
    public boolean isOpen() {
        return lines > 0;
    }

    private void begin(byte[] line, int from, int to) {
        length = 0;
        append(line, from, to);
        firstLength = length;
        headLength = 0;
        lines = 1;
        firstHasTime = LineShape.hasTime(line, from, to);
        firstIsRecord = firstHasTime || LineShape.beginsWithLevel(line, from, to);
        within = begun(line, from, to);
    }

    private static Within begun(byte[] line, int from, int to) {
        if (startsWith(line, from, to, TRACEBACK)) {
            return Within.PYTHON_FRAMES;
        }
        if (startsWith(line, from, to, PANIC) || startsWith(line, from, to, FATAL)) {
            return Within.GO_TRACE;
        }
        return startsWith(line, from, to, RUST_THREAD) && LineShape.contains(line, from, to, PANICKED)
                ? Within.RUST_PANIC
                : Within.ANYTHING;
    }

    private boolean goesOn(byte[] line, int from, int to) {
        if (goesOnWithin(line, from, to)) {
            return true;
        }
        if (LineShape.isIndented(line, from, to)) {
            if (LineShape.isCaret(line, from, to)) {
                within = Within.NODE_SOURCE;
            }
            return true;
        }
        if (startsWith(line, from, to, CAUSED_BY)
                || startsWith(line, from, to, SUPPRESSED)
                || startsWith(line, from, to, INNER)) {
            return true;
        }
        if (line[from] == '}' || line[from] == ')' || line[from] == ']') {
            return true;
        }
        if (firstIsRecord && lines == 1 && goesOnRecord(line, from, to)) {
            return true;
        }
        return firstHasTime
                && line[from] != '{'
                && !LineShape.hasTime(line, from, to)
                && !LineShape.beginsWithLevel(line, from, to);
    }

    /** Logging libraries print a trace behind the record that it belongs to. */
    private boolean goesOnRecord(byte[] line, int from, int to) {
        Within begun = begun(line, from, to);
        if (begun != Within.ANYTHING) {
            within = begun;
            return true;
        }
        int typeEnd = LineShape.typeEnd(line, from, to, false);
        if (typeEnd > from) {
            addToHead(line, from, typeEnd);
        }
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
            case GO_TRACE ->
                startsWith(line, from, to, GOROUTINE)
                        || startsWith(line, from, to, CREATED_BY)
                        || startsWith(line, from, to, EXIT_STATUS)
                        || startsWith(line, from, to, SIGNAL)
                        || LineShape.isCall(line, from, to);
            case RUST_PANIC -> {
                within = Within.RUST_TRACE;
                addToHead(line, from, to);
                yield true;
            }
            case RUST_TRACE -> startsWith(line, from, to, NOTE) || startsWith(line, from, to, BACKTRACE);
            case NODE_SOURCE -> {
                int typeEnd = LineShape.typeEnd(line, from, to, false);
                addToHead(line, from, typeEnd);
                within = Within.ANYTHING;
                yield typeEnd > from;
            }
        };
    }

    private boolean pythonFrameOrType(byte[] line, int from, int to) {
        if (!LineShape.isIndented(line, from, to)) {
            within = Within.AFTER_PYTHON_TYPE;
            addToHead(line, from, LineShape.typeEnd(line, from, to, true));
        }
        return true;
    }

    /** Of several types the first counts. */
    private void addToHead(byte[] line, int from, int to) {
        if (headLength > 0 || from == to) {
            return;
        }
        int added = Math.min(to - from, MAX_TEXT - firstLength);
        headLength = firstLength + 1 + added;
        head = room(head, 0, headLength);
        System.arraycopy(text, 0, head, 0, firstLength);
        head[firstLength] = ' ';
        System.arraycopy(line, from, head, firstLength + 1, added);
    }

    private void append(byte[] line, int from, int to) {
        int added = Math.min(to - from, MAX_TEXT - length);
        text = room(text, length, length + added);
        System.arraycopy(line, from, text, length, added);
        length += added;
    }

    private static byte[] room(byte[] buffer, int used, int needed) {
        if (needed <= buffer.length) {
            return buffer;
        }
        byte[] larger = new byte[Math.max(needed, 2 * buffer.length)];
        System.arraycopy(buffer, 0, larger, 0, used);
        return larger;
    }
}
