package io.nodetelemetry.internal.collectors.logs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Logs in which something was written not long ago. Their last message may go on, until nothing came for a second. For the
 * thread that reads logs.
 */
final class OpenLogs {
    static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

    /** A log, as far as it matters here. */
    static final class Log {
        private final Runnable end;
        private boolean isOpen;
        private boolean wroteSinceLook;
        private long wroteAt;

        /** @param end what to do when nothing came for a while */
        Log(Runnable end) {
            this.end = end;
        }
    }

    private final List<Log> open = new ArrayList<>();
    private boolean changed;

    /** There is something new in a log. */
    void wrote(Log log) {
        log.wroteSinceLook = true;
        if (!log.isOpen) {
            log.isOpen = true;
            open.add(log);
        }
        changed = true;
    }

    /** Ends the messages of logs that fell silent. */
    void look(long nowNanos) {
        open.removeIf(log -> {
            if (log.wroteSinceLook) {
                log.wroteSinceLook = false;
                log.wroteAt = nowNanos;
            }
            boolean silent = nowNanos - log.wroteAt >= SILENCE_NANOS;
            if (silent) {
                log.isOpen = false;
                log.end.run();
                changed = true;
            }
            return silent;
        });
    }

    /** How long until one falls silent; empty if none is open. */
    OptionalLong nanosToSilence(long nowNanos) {
        return open.stream()
                .mapToLong(log -> Math.max(0, log.wroteAt + SILENCE_NANOS - nowNanos))
                .min();
    }

    /** Whether anything came since this was asked last. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
