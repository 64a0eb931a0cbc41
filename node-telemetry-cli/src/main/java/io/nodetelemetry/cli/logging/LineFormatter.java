package io.nodetelemetry.cli.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line per event: {@code 2026-11-22T10:11:12.345Z WARN  tcp: message: cause}. What went wrong is told in one line,
 * its stack trace only to those who debug.
 */
final class LineFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final boolean stackTraces;

    LineFormatter(boolean stackTraces) {
        this.stackTraces = stackTraces;
    }

    @Override
    public String format(LogRecord event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(event.getInstant(), line);
        line.append(' ').append(levelName(event.getLevel())).append(' ');
        String logger = event.getLoggerName();
        if (logger != null && !logger.isEmpty()) {
            line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        }
        line.append(oneLine(formatMessage(event)));
        Throwable thrown = event.getThrown();
        if (thrown != null && stackTraces) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            line.append('\n').append(trace.toString().stripTrailing());
        } else {
            appendCauses(line, thrown);
        }
        return line.append('\n').toString();
    }

    private static void appendCauses(StringBuilder line, Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 4; depth++, cause = cause.getCause()) {
            line.append(depth == 0 ? " (" : "; ").append(cause.getClass().getSimpleName());
            if (cause.getMessage() != null) {
                line.append(": ").append(oneLine(cause.getMessage()));
            }
        }
        if (thrown != null) {
            line.append(')');
        }
    }

    private static String levelName(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN ";
        }
        if (value >= Level.CONFIG.intValue()) {
            return "INFO ";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** Text from outside must not be able to forge a line. */
    private static String oneLine(String text) {
        return text.chars().noneMatch(c -> c < ' ') ? text : text.strip().replaceAll("\\p{Cntrl}+", " ");
    }
}
