package io.nodetelemetry.internal.log;

import io.nodetelemetry.internal.log.Continuation.Verdict;
import java.util.Arrays;

/**
 * Joins the lines of one stream into messages: stack traces of Java, Python, Go, Node, .NET, Ruby, Rust and PHP, and what
 * follows a line that begins with a time. Whether a line goes on with the message before it depends on these lines
 * alone. Memory is bounded by {@link #MAX_TEXT} whatever the lines are.
 *
 * <p>A message is complete when the next one begins, or when its reader calls {@link #end} as nothing came for a while.
 * The text of an exception can have several lines: what may belong to it waits for the frames that say so, or for the
 * line that says otherwise. Control sequences of terminals are no part of a message. Belongs to one thread.
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
    /** Lines of an exception's text, behind the first one. */
    private static final int MAX_UNCERTAIN = 8;
    /** A larger buffer is not kept while nothing comes: there may be thousands of streams. */
    private static final int MAX_IDLE = 1024;

    private static final byte[] NEWLINE = {'\n'};
    private static final byte[] BLANK = {' '};

    private final Consumer consumer;
    private final Continuation continuation = new Continuation();
    private byte[] text = new byte[256];
    private int length;
    private int firstLength;
    private byte[] head = {};
    private int headLength;
    private boolean headIsComplete;
    private byte[] plain = {};
    private int lines;
    private int blankLines;
    /** Lines at the end of the text that may belong to another message, and where they begin. */
    private int uncertain;

    private int certainLength;

    public MessageAssembler(Consumer consumer) {
        this.consumer = consumer;
    }

    /** Takes the next line of the stream, without its line feed. */
    public void line(byte[] line, int from, int to) {
        if (ByteSearch.next(line, from, to, TerminalCodes.ESCAPE) == to) {
            plainLine(line, from, to);
            return;
        }
        int kept = Math.min(to, from + MAX_TEXT);
        plain = room(plain, 0, kept - from);
        plainLine(plain, 0, TerminalCodes.remove(line, from, kept, plain));
    }

    private void plainLine(byte[] line, int from, int to) {
        if (LineShape.isBlank(line, from, to)) {
            // Whether it belongs to the message shows with the next line.
            blankLines++;
            return;
        }
        Verdict verdict = lines == 0 || lines >= MAX_LINES
                ? Verdict.BEGINS
                : continuation.next(line, from, to, text, firstLength, lines);
        if (uncertain > 0) {
            verdict = settle(verdict, line, from, to);
        }
        if (verdict == Verdict.MAY_GO_ON && mayWait(to - from)) {
            certainLength = uncertain == 0 ? length : certainLength;
            uncertain++;
            goOn(line, from, to);
        } else if (verdict == Verdict.GOES_ON) {
            goOn(line, from, to);
            addToHead(line);
        } else {
            complete();
            begin(line, from, to);
        }
        blankLines = 0;
    }

    /** Lines are uncertain until this one tells; it may go on with what they turn out to be. */
    private Verdict settle(Verdict verdict, byte[] line, int from, int to) {
        if (continuation.confirms(line, from, to)) {
            uncertain = 0;
            return Verdict.GOES_ON;
        }
        if (verdict != Verdict.BEGINS && mayWait(to - from)) {
            return Verdict.MAY_GO_ON;
        }
        int blanks = blankLines;
        divide();
        blankLines = blanks;
        return lines == 0 ? Verdict.BEGINS : continuation.next(line, from, to, text, firstLength, lines);
    }

    /** Whether there is room for another uncertain line: nothing of it may be lost. */
    private boolean mayWait(int added) {
        return blankLines == 0 && uncertain < MAX_UNCERTAIN && length + 1 + added <= MAX_TEXT;
    }

    /** What was uncertain is not part of the message: it is completed, and the lines are looked at by themselves. */
    private void divide() {
        int start = Math.min(certainLength + 1, length);
        byte[] rest = Arrays.copyOfRange(text, start, length);
        length = certainLength;
        uncertain = 0;
        emit();
        blankLines = 0;
        int from = 0;
        for (int i = 0; i <= rest.length; i++) {
            if (i == rest.length || rest[i] == '\n') {
                if (i > from) {
                    plainLine(rest, from, i);
                }
                from = i + 1;
            }
        }
    }

    private void goOn(byte[] line, int from, int to) {
        lines++;
        for (int i = 0; i <= blankLines; i++) {
            append(NEWLINE, 0, 1);
        }
        append(line, from, to);
    }

    /** What is open is complete, and nothing follows for now. */
    public void end() {
        complete();
        if (text.length > MAX_IDLE) {
            text = new byte[MAX_IDLE];
        }
        if (head.length + plain.length > MAX_IDLE) {
            head = new byte[0];
            plain = head;
        }
    }

    private void complete() {
        while (uncertain > 0) {
            divide();
        }
        emit();
        blankLines = 0;
    }

    private void emit() {
        if (lines == 0) {
            return;
        }
        lines = 0;
        if (headLength > 0) {
            consumer.message(text, length, head, headLength);
        } else {
            // Of an object of JSON in several lines all of them are the head.
            boolean isObject = firstLength == 1 && text[0] == '{';
            consumer.message(text, length, text, isObject ? length : firstLength);
        }
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
        headIsComplete = false;
        lines = 1;
        continuation.begin(line, from, to);
    }

    /** Of several types the first counts. */
    private void addToHead(byte[] line) {
        int from = continuation.headFrom();
        int to = continuation.headTo();
        if (from == to || headIsComplete) {
            return;
        }
        if (continuation.headBeginsAnew()) {
            headLength = 0;
        } else {
            if (headLength == 0) {
                head = room(head, 0, firstLength);
                System.arraycopy(text, 0, head, 0, firstLength);
                headLength = firstLength;
            }
            appendToHead(BLANK, 0, 1);
            headIsComplete = true;
        }
        appendToHead(line, from, to);
    }

    private void appendToHead(byte[] line, int from, int to) {
        int added = Math.min(to - from, MAX_TEXT - headLength);
        head = room(head, headLength, headLength + added);
        System.arraycopy(line, from, head, headLength, added);
        headLength += added;
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
