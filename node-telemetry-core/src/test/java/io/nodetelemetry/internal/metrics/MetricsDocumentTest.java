package io.nodetelemetry.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The published list of metrics is the catalog. {@code -Ddocs.update=true} rewrites it. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/metrics.md");

    private static final String HEAD = """
            # Metrics

            <!-- Generated from the catalog: mvn test -pl node-telemetry-core -am -Dtest=MetricsDocumentTest \
            -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.update=true -->

            Names are those that Prometheus sees. Over OTLP, and on a host's own OpenTelemetry, a metric has the name without
            unit and `_total`, and the unit apart: `container_net_tcp_connection_time_seconds_total` is
            `container_net_tcp_connection_time` in `s`.

            Every series also has `machine_id`. A label that does not apply is the empty string, which to Prometheus is the same
            as no label.

            | Name | Type | Unit | Labels | What it says | Source | Absent |
            |---|---|---|---|---|---|---|
            """;

    @Test
    void theDocumentIsTheCatalog() throws IOException {
        StringBuilder expected = new StringBuilder(HEAD);
        Catalog.ENTRIES.stream()
                .sorted(Comparator.comparing(entry -> entry.family().prometheusName()))
                .forEach(entry -> expected.append(row(entry)));
        if (Boolean.getBoolean("docs.update")) {
            Files.createDirectories(Path.of("../docs"));
            Files.writeString(DOCUMENT, expected);
        }
        assertThat(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "")
                .as("docs/metrics.md; to rewrite it, run this test with -Ddocs.update=true")
                .isEqualTo(expected.toString());
    }

    @Test
    void prometheusNamesAreUnique() {
        List<String> names =
                Catalog.ALL.stream().map(MetricFamily::prometheusName).toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    private static String row(CatalogEntry entry) {
        MetricFamily family = entry.family();
        List<String> labels = family.keys().stream().map(key -> "`" + key + "`").toList();
        return "| `%s` | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        family.prometheusName(),
                        family.kind() == MetricKind.COUNTER ? "counter" : "gauge",
                        unit(family),
                        String.join(", ", labels),
                        family.description().replace("|", "\\|"),
                        entry.source(),
                        entry.absent())
                .replace(System.lineSeparator(), "\n");
    }

    private static String unit(MetricFamily family) {
        String word = family.prometheusUnit();
        return word.isEmpty() ? family.unit().replaceAll("[{}]", "").toLowerCase(Locale.ROOT) : word;
    }
}
