package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** The numbers that logging libraries have for levels. */
final class LevelNumbers {
    private static final int MAX_DIGITS = 3;

    private LevelNumbers() {}

    /**
     * The level of a number in a field of that name: syslog's and GELF's 0 to 7; Bunyan's and Pino's 10 (trace) to 60
     * (fatal); Monolog's 100 (debug) to 600 (emergency).
     */
    static LogLevel of(byte[] text, int start, int end) {
        int number = number(text, start, end);
        if (number < 10) {
            return number <= 7 ? SyslogLevel.of(number) : LogLevel.UNKNOWN;
        }
        return switch (number) {
            case 10, 20, 100 -> LogLevel.DEBUG;
            case 30, 200, 250 -> LogLevel.INFO;
            case 40, 300 -> LogLevel.WARNING;
            case 50, 400 -> LogLevel.ERROR;
            case 60, 500, 550, 600 -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }

    /** The level of a severity number of OpenTelemetry's, four for each level from trace to fatal. */
    static LogLevel ofSeverity(byte[] text, int start, int end) {
        int number = number(text, start, end);
        if (number < 1 || number > 24) {
            return LogLevel.UNKNOWN;
        }
        return switch ((number - 1) / 4) {
            case 0, 1 -> LogLevel.DEBUG;
            case 2 -> LogLevel.INFO;
            case 3 -> LogLevel.WARNING;
            case 4 -> LogLevel.ERROR;
            default -> LogLevel.CRITICAL;
        };
    }

    /** The number whose digits are there, with white space behind them at most; a negative one if it is something else. */
    static int number(byte[] text, int start, int end) {
        int number = 0;
        int at = start;
        while (at < end && Ascii.isDigit(text[at]) && at - start < MAX_DIGITS) {
            number = number * 10 + text[at] - '0';
            at++;
        }
        boolean isNumber = at > start && LineShape.isBlank(text, at, end);
        return isNumber ? number : Integer.MIN_VALUE;
    }
}
