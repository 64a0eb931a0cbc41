package io.nodetelemetry;

import io.nodetelemetry.collector.Collector;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.List;

/**
 * The host's own objects.
 *
 * @param openTelemetries each gets an asynchronous instrument per metric, removed when the agent closes; they stay open
 * @param readers each reads all metrics when it likes, and is shut down when the agent closes
 * @param collectors run beside the built-in ones, and are closed like them
 */
record Attachments(List<OpenTelemetry> openTelemetries, List<MetricReader> readers, List<Collector> collectors) {
    Attachments {
        openTelemetries = List.copyOf(openTelemetries);
        readers = List.copyOf(readers);
        collectors = List.copyOf(collectors);
    }
}
