package io.nodetelemetry.internal.collectors.logs;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of the logs was not counted, and why. Budgets apart, which have a metric of their own. For one thread. */
final class LogDrops {
    /** Why. */
    enum Reason {
        /** A container has more files open below {@code /var/log} than are read of one. */
        LOG_OF_CONTAINER,
        /** A line was not as its runtime writes them, or was cut by a crash. */
        UNDECODABLE_LINE,
        /** Reading a line failed by a fault of ours. */
        FAULT
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogDrops.class);

    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

    void add(Reason reason, long number) {
        counts.merge(reason, number, Long::sum);
    }

    /** A line or message was not counted by a fault of ours. The first is told loudly: a log may be full of such lines. */
    void fault(RuntimeException e) {
        if (counts.containsKey(Reason.FAULT)) {
            LOG.debug("A line of a log was not counted", e);
        } else {
            LOG.warn("A line of a log was not counted", e);
        }
        add(Reason.FAULT, 1);
    }

    /** By reason; zeros included. */
    Map<String, Long> counts() {
        Map<String, Long> all = new HashMap<>();
        Arrays.stream(Reason.values())
                .forEach(reason -> all.put(reason.name().toLowerCase(Locale.ROOT), counts.getOrDefault(reason, 0L)));
        return all;
    }
}
