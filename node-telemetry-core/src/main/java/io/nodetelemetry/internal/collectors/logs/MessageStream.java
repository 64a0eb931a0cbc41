package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.MessageAssembler;
import io.nodetelemetry.model.LogLevel;
import java.util.Arrays;

/** The lines of one writer, joined into messages, which are counted. For the thread that reads logs. */
final class MessageStream {
    private final LogSource source;
    private final LogDrops drops;
    private final MessageAssembler assembler = new MessageAssembler(this::message);
    /** What the open message is worth if its text does not say. */
    private LogLevel openLevel = LogLevel.UNKNOWN;

    private boolean completed;

    MessageStream(LogSource source, LogDrops drops) {
        this.source = source;
        this.drops = drops;
    }

    /**
     * The next line.
     *
     * @param otherwise the level of a message that begins here, if its text names none
     */
    void line(byte[] text, int from, int to, LogLevel otherwise) {
        boolean wasOpen = assembler.isOpen();
        completed = false;
        assembler.line(text, from, to);
        if (completed || !wasOpen) {
            openLevel = otherwise;
        }
    }

    /** A message that is whole and stands alone, with line feeds in it maybe. */
    void whole(byte[] text, int from, int to, LogLevel otherwise) {
        end();
        byte[] copy = Arrays.copyOfRange(text, from, Math.min(to, from + MessageAssembler.MAX_TEXT));
        int firstLine = 0;
        while (firstLine < copy.length && copy[firstLine] != '\n') {
            firstLine++;
        }
        count(copy, copy.length, copy, firstLine, otherwise);
    }

    private void message(byte[] text, int textLength, byte[] head, int headLength) {
        completed = true;
        count(text, textLength, head, headLength, openLevel);
    }

    private void count(byte[] text, int textLength, byte[] head, int headLength, LogLevel otherwise) {
        try {
            source.counts().messages().count(text, textLength, head, headLength, otherwise);
        } catch (RuntimeException e) {
            // One message must not end the reading of all logs, least of all whenever it is tried again.
            drops.fault(e);
        }
    }

    /** Nothing follows for now: what is open is a message. */
    void end() {
        assembler.end();
    }

    boolean isOpen() {
        return assembler.isOpen();
    }
}
