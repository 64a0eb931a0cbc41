package io.nodetelemetry.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineFormatterTest {
    @Test
    void aLineHasTimeLevelLoggerAndMessage() {
        assertThat(new LineFormatter(false).format(event(Level.WARNING, "port is taken", null)))
                .isEqualTo("2026-11-22T10:11:12.345Z WARN  Agent: port is taken\n");
    }

    @Test
    void whatWasThrownIsToldInTheLine() {
        Throwable thrown = new IllegalStateException("push failed", new IOException("connection\nrefused"));

        assertThat(new LineFormatter(false).format(event(Level.SEVERE, "Lost", thrown)))
                .isEqualTo("2026-11-22T10:11:12.345Z ERROR Agent: Lost (IllegalStateException: push failed;"
                        + " IOException: connection refused)\n");
    }

    @Test
    void stackTracesAreForThoseWhoDebug() {
        assertThat(new LineFormatter(true).format(event(Level.FINE, "Lost", new IOException("gone"))))
                .startsWith("2026-11-22T10:11:12.345Z DEBUG Agent: Lost\njava.io.IOException: gone\n\tat ");
    }

    @Test
    void textFromOutsideCannotForgeALine() {
        assertThat(new LineFormatter(false).format(event(Level.INFO, "container a\n2026 ERROR b\u001b[2J", null)))
                .isEqualTo("2026-11-22T10:11:12.345Z INFO  Agent: container a 2026 ERROR b [2J\n");
    }

    private static LogRecord event(Level level, String message, @Nullable Throwable thrown) {
        LogRecord event = new LogRecord(level, message);
        event.setInstant(Instant.parse("2026-11-22T10:11:12.345Z"));
        event.setLoggerName("io.nodetelemetry.Agent");
        if (thrown != null) {
            event.setThrown(thrown);
        }
        return event;
    }
}
