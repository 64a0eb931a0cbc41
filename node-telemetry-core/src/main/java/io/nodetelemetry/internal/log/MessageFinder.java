package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** Finds the message of a line and its level, in structured formats and in text. Used again for each line. */
final class MessageFinder {
    private final boolean structured;
    private final Message message = new Message();
    private final JsonLine json = new JsonLine(message);
    private final LogfmtLine logfmt = new LogfmtLine(message);

    /** @param structured whether JSON and logfmt are more than text */
    MessageFinder(boolean structured) {
        this.structured = structured;
    }

    /** What is returned holds until the next line, and as long as the line's bytes. */
    Message find(byte[] line, int from, int to) {
        message.clear();
        if (structured) {
            json.read(line, from, to);
            if (!message.isFound()) {
                logfmt.read(line, from, to);
            }
        }
        if (!message.isFound()) {
            message.set(line, from, to);
        }
        if (message.level() == LogLevel.UNKNOWN) {
            message.setLevel(TextLevel.of(message.text(), message.from(), message.to()));
        }
        return message;
    }
}
