package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricKind;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a snapshot in one of Prometheus' text formats, straight from its tables: the memory used is one buffer and,
 * once per row, the text of the labels, which the {@link Labels} keep for the next scrape.
 *
 * <p>Families are sorted by name, each with its description and type; one without series is left out. Safe for use by
 * several threads.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Text format 0.0.4</a>
 * @see <a href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics 1.0.0</a>
 */
public final class PrometheusText {
    private final LabelSchemas schemas = new LabelSchemas();

    /**
     * Writes all series. The stream is neither flushed nor closed.
     *
     * @throws IOException if the stream does
     */
    public void write(Snapshot snapshot, ExpositionFormat format, OutputStream out) throws IOException {
        TextBuffer text = new TextBuffer(out);
        String previous = "";
        for (FamilyColumn column : FamilyColumn.of(snapshot)) {
            if (!column.prometheusName().equals(previous)) {
                header(column, format, text);
                previous = column.prometheusName();
            }
            samples(column, schemas.of(snapshot, column), text);
        }
        if (format == ExpositionFormat.OPENMETRICS_1_0_0) {
            text.put("# EOF\n");
        }
        text.drain();
    }

    private static void header(FamilyColumn column, ExpositionFormat format, TextBuffer text) throws IOException {
        MetricFamily family = column.family();
        boolean openMetrics = format == ExpositionFormat.OPENMETRICS_1_0_0;
        boolean counter = family.kind() == MetricKind.COUNTER;
        String name = column.prometheusName();
        // OpenMetrics names the family; _total belongs to its sample.
        String subject = openMetrics && counter ? name.substring(0, name.length() - "_total".length()) : name;
        String help = family.description().replace("\\", "\\\\").replace("\n", "\\n");
        text.put("# HELP " + subject + " " + (openMetrics ? help.replace("\"", "\\\"") : help) + "\n");
        text.put("# TYPE " + subject + (counter ? " counter\n" : " gauge\n"));
        String unit = family.prometheusUnit();
        if (openMetrics && !unit.isEmpty() && subject.endsWith("_" + unit)) {
            text.put("# UNIT " + subject + " " + unit + "\n");
        }
    }

    private static void samples(FamilyColumn column, LabelSchema schema, TextBuffer text) throws IOException {
        byte[] name = column.prometheusName().getBytes(UTF_8);
        boolean whole = column.family().type() == MetricFamily.ValueType.LONG;
        MetricTable table = column.table();
        int index = column.column();
        for (int row = column.nextRow(0); row < table.size(); row = column.nextRow(row + 1)) {
            text.put(name);
            text.put(schema.text(table.labels(row)));
            text.put(' ');
            if (whole) {
                text.put(table.longValue(index, row));
            } else {
                text.put(table.doubleValue(index, row));
            }
            text.put('\n');
        }
    }
}
