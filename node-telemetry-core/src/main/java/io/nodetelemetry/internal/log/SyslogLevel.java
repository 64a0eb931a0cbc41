package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** The severities of syslog (RFC 5424, 6.2.1), which the journal calls priorities. */
public final class SyslogLevel {
    private SyslogLevel() {}

    /**
     * What the number says.
     *
     * @param severity 0 to 7, or with the facility in higher bits; {@link LogLevel#UNKNOWN} for other numbers
     */
    public static LogLevel of(int severity) {
        if (severity < 0 || severity > 191) {
            return LogLevel.UNKNOWN;
        }
        return switch (severity & 7) {
            case 0, 1, 2 -> LogLevel.CRITICAL;
            case 3 -> LogLevel.ERROR;
            case 4 -> LogLevel.WARNING;
            case 5, 6 -> LogLevel.INFO;
            default -> LogLevel.DEBUG;
        };
    }
}
