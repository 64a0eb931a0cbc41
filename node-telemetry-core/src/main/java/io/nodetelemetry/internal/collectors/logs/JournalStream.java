package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.journal.JournalEntry;
import io.nodetelemetry.model.LogLevel;
import java.util.Arrays;

/** What one writer writes to the journal: lines of its output, or messages. For the thread that reads logs. */
final class JournalStream {
    private final MessageStream messages;
    /** The parts of a line that a runtime split. */
    private byte[] parts = {};

    private int length;

    JournalStream(LogSource source, LogDrops drops) {
        messages = new MessageStream(source, drops);
    }

    /** @param isLine whether it is a line that may go on with those before it; else it is a message by itself */
    void entry(JournalEntry entry, boolean isLine, LogLevel level) {
        if (!isLine) {
            messages.whole(entry.message(), entry.messageFrom(), entry.messageTo(), level);
            return;
        }
        if (!entry.partial() && length == 0) {
            messages.line(entry.message(), entry.messageFrom(), entry.messageTo(), level);
            return;
        }
        add(entry.message(), entry.messageFrom(), entry.messageTo());
        if (!entry.partial()) {
            endLine(level);
        }
    }

    private void add(byte[] text, int from, int to) {
        int added = Math.min(to - from, JournalEntry.MAX_MESSAGE_BYTES - length);
        if (length + added > parts.length) {
            parts = Arrays.copyOf(
                    parts, Math.min(Math.max(length + added, 2 * parts.length), JournalEntry.MAX_MESSAGE_BYTES));
        }
        System.arraycopy(text, from, parts, length, added);
        length += added;
    }

    private void endLine(LogLevel level) {
        messages.line(parts, 0, length, level);
        length = 0;
    }

    /** Nothing follows for now. */
    void end() {
        if (length > 0) {
            endLine(LogLevel.UNKNOWN);
        }
        messages.end();
    }
}
