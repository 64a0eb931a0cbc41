package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** Finds the level in the beginning of a line of text, where logging libraries write it. */
final class TextLevel {
    private static final int MAX_BYTES = 255;
    private static final int MAX_FIELDS = 7;
    /** Redis writes its mark as the fifth field, or the sixth where the date has a year. */
    private static final int REDIS_FIELD = 5;

    private TextLevel() {}

    static LogLevel of(byte[] line, int from, int to) {
        int end = Math.min(to, from + MAX_BYTES);
        int at = from;
        int firstEnd = from;
        for (int field = 1; field <= MAX_FIELDS; field++) {
            while (at < end && Ascii.isBlank(line[at])) {
                at++;
            }
            int start = at;
            while (at < end && !Ascii.isBlank(line[at])) {
                at++;
            }
            if (start == at) {
                break;
            }
            if (field == 1) {
                firstEnd = at;
            }
            LogLevel level = field == 1 ? glog(line, start, at) : LogLevel.UNKNOWN;
            if (level == LogLevel.UNKNOWN) {
                level = inField(line, start, at);
            }
            if (level == LogLevel.UNKNOWN
                    && (field == REDIS_FIELD || field == REDIS_FIELD + 1)
                    && at - start == 1
                    && isRedis(line, from, firstEnd)) {
                level = redis(line[start]);
            }
            if (level != LogLevel.UNKNOWN) {
                return level;
            }
        }
        return LogLevel.UNKNOWN;
    }

    /** The words of a field, as in {@code [main]:WARN|} and {@code level=warn}. */
    private static LogLevel inField(byte[] line, int start, int end) {
        int word = start;
        for (int i = start; i <= end; i++) {
            if (i == end || (Ascii.bits(line[i]) & Ascii.BORDER) != 0) {
                LogLevel level = i > word ? LevelWords.of(line, word, i) : LogLevel.UNKNOWN;
                if (level != LogLevel.UNKNOWN) {
                    return level;
                }
                word = i + 1;
            }
        }
        return LogLevel.UNKNOWN;
    }

    /** A letter and month and day, as in {@code W0131}. */
    private static LogLevel glog(byte[] line, int start, int end) {
        if (end - start != 5) {
            return LogLevel.UNKNOWN;
        }
        for (int i = start + 1; i < end; i++) {
            if (!Ascii.isDigit(line[i])) {
                return LogLevel.UNKNOWN;
            }
        }
        return switch (line[start]) {
            case 'I' -> LogLevel.INFO;
            case 'W' -> LogLevel.WARNING;
            case 'E' -> LogLevel.ERROR;
            case 'F' -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }

    /** Whether the line begins with {@code pid:role}, the role a letter. */
    private static boolean isRedis(byte[] line, int start, int end) {
        return end - start > 2 && Ascii.isDigit(line[start]) && line[end - 2] == ':' && Ascii.isUpper(line[end - 1]);
    }

    private static LogLevel redis(byte mark) {
        return switch (mark) {
            case '.' -> LogLevel.DEBUG;
            case '-', '*' -> LogLevel.INFO;
            case '#' -> LogLevel.WARNING;
            default -> LogLevel.UNKNOWN;
        };
    }
}
