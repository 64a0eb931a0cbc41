package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/**
 * How lines of glog, klog and CockroachDB begin: a letter with month and day behind it, as in {@code W0131}, or with the
 * year before these, and the time of day in the next field.
 */
final class GlogHeader {
    private GlogHeader() {}

    static LogLevel level(byte[] line, int from, int to) {
        if (from == to || line[from] < 'E' || line[from] > 'W') {
            return LogLevel.UNKNOWN;
        }
        int at = from + 1;
        while (at < to && Ascii.isDigit(line[at]) && at - from < 10) {
            at++;
        }
        int digits = at - from - 1;
        boolean isDate = digits == 4 || ((digits == 6 || digits == 8) && isTime(line, at + 1, to));
        if (!isDate || (at < to && !Ascii.isBlank(line[at]))) {
            return LogLevel.UNKNOWN;
        }
        return switch (line[from]) {
            case 'I' -> LogLevel.INFO;
            case 'W' -> LogLevel.WARNING;
            case 'E' -> LogLevel.ERROR;
            case 'F' -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }

    private static boolean isTime(byte[] line, int from, int to) {
        return to - from > 5 && Ascii.isDigit(line[from]) && line[from + 2] == ':' && line[from + 5] == ':';
    }
}
