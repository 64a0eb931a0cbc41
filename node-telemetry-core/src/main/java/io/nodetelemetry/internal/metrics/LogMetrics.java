package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.internal.metrics.ContainerMetrics.CONTAINER;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** What containers and services write to their logs. */
public final class LogMetrics {
    private static final String SOURCE = "source";

    public static final MetricFamily MESSAGES = counter(
            "container_log_messages",
            "{message}",
            LONG,
            "Messages that the container or service wrote to a log, by level and pattern.",
            CONTAINER,
            "level",
            "pattern_hash",
            "sample",
            SOURCE);
    public static final MetricFamily SKIPPED_LINES = counter(
            "container_log_skipped_lines",
            "{line}",
            LONG,
            "Lines of a log that were not looked at, as there were more than the budget allows.",
            CONTAINER,
            SOURCE);

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(
                    MESSAGES,
                    "log files of runtimes, the journal, files under `/var/log`",
                    "before the first message, and with `--no-parse-logs`; `pattern_hash` and `sample` are empty below the"
                            + " lowest level with patterns"),
            new CatalogEntry(SKIPPED_LINES, "the same", "before the first skipped line"));

    private LogMetrics() {}
}
