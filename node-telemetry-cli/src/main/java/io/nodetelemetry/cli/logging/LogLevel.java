package io.nodetelemetry.cli.logging;

import java.util.Locale;
import java.util.logging.Level;

/** How much is logged, in the words of SLF4J. */
public enum LogLevel {
    ERROR(Level.SEVERE),
    WARN(Level.WARNING),
    INFO(Level.INFO),
    DEBUG(Level.FINE),
    TRACE(Level.FINEST);

    private final String julName;

    LogLevel(Level level) {
        julName = level.getName();
    }

    Level level() {
        return Level.parse(julName);
    }

    /**
     * Reads a name in any case.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    public static LogLevel parse(String text) {
        for (LogLevel candidate : values()) {
            if (candidate.name().equals(text.toUpperCase(Locale.ROOT))) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a log level; allowed are error, warn, info, debug and trace");
    }
}
