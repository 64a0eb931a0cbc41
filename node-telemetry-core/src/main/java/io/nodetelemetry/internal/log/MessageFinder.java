package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** Finds the message of a line and its level, in structured formats and in text. Used again for each line. */
final class MessageFinder {
    private final boolean structured;
    private final Message message = new Message();
    private final JsonLine json = new JsonLine(message);
    private final LogfmtLine logfmt = new LogfmtLine(message);
    private final KlogLine klog = new KlogLine(message);

    /** @param structured whether JSON, logfmt and klog's pairs are more than text */
    MessageFinder(boolean structured) {
        this.structured = structured;
    }

    /** What is returned holds until the next line, and as long as the line's bytes. */
    Message find(byte[] line, int from, int to) {
        message.clear();
        boolean isObject = structured && json.read(line, from, to);
        if (structured && !isObject) {
            logfmt.read(line, from, to);
            if (!message.isFound()) {
                klog.read(line, from, to);
            }
        }
        // Names and values of an object without a message say nothing about its level.
        boolean hasText = message.isFound() || !isObject;
        if (!message.isFound()) {
            message.set(line, from, to);
        }
        if (!hasText) {
            return message;
        }
        message.clean();
        if (message.level() == LogLevel.UNKNOWN) {
            message.setLevel(TextLevel.of(message.text(), message.from(), message.to()));
            if (message.level() == LogLevel.UNKNOWN) {
                message.setLevel(Thrown.level(message.text(), message.from(), message.to()));
            }
        }
        return message;
    }
}
