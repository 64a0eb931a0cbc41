package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/**
 * Takes message and level out of a line of {@code key=value} pairs. A line is one if it begins with a pair; text that
 * merely holds pairs is left alone.
 */
final class LogfmtLine {
    private final Message message;
    private byte[] text = {};
    private int end;

    LogfmtLine(Message message) {
        this.message = message;
    }

    void read(byte[] line, int from, int to) {
        text = line;
        end = to;
        int at = from;
        boolean first = true;
        while (at < to) {
            int keyEnd = keyEnd(at);
            boolean isPair = keyEnd < to && keyEnd > at && line[keyEnd] == '=';
            if (first && !isPair) {
                return;
            }
            first = false;
            at = isPair ? pair(at, keyEnd) : keyEnd + 1;
        }
    }

    private int keyEnd(int at) {
        int i = at;
        while (i < end && text[i] != '=' && text[i] != '"' && !Ascii.isBlank(text[i])) {
            i++;
        }
        return i;
    }

    /** Returns the index behind the value. */
    private int pair(int key, int keyEnd) {
        int value = keyEnd + 1;
        boolean quoted = value < end && text[value] == '"';
        int start = quoted ? value + 1 : value;
        int stop = start;
        while (stop < end && !(quoted ? text[stop] == '"' : Ascii.isBlank(text[stop]))) {
            stop += quoted && text[stop] == '\\' ? 2 : 1;
        }
        stop = Math.min(stop, end);
        if (!message.isFound() && FieldNames.MESSAGE.contains(text, key, keyEnd)) {
            message.setEscaped(text, start, stop);
        } else if (FieldNames.LEVEL.contains(text, key, keyEnd)) {
            if (message.level() == LogLevel.UNKNOWN) {
                message.setLevel(LevelWords.ofField(text, start, stop));
            }
        }
        return stop + 1;
    }
}
