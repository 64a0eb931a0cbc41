package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.export.ExpositionFormat;
import io.nodetelemetry.internal.export.PrometheusText;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a scrape would show of some tables. */
final class ExpositionText {
    private ExpositionText() {}

    static String of(List<MetricTable> tables) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText()
                .write(new Snapshot(Instant.EPOCH, Instant.EPOCH, Map.of(), tables), ExpositionFormat.TEXT_0_0_4, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The same without descriptions and types. */
    static List<String> samples(List<MetricTable> tables) throws IOException {
        return of(tables).lines().filter(line -> !line.startsWith("#")).toList();
    }
}
