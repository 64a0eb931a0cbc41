package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.prometheus.PrometheusHttpServer;
import io.opentelemetry.exporter.prometheus.TranslationStrategy;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CardinalityLimitSelector;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The Prometheus text is held equal to OpenTelemetry's own exporter, and the other outlets to the text. */
class OutletsAgreeTest {
    static final List<Supplier<Snapshot>> SNAPSHOTS =
            List.of(SampleSnapshots::everyShape, () -> SampleSnapshots.tcp(30, 100));

    private static ParsedMetrics text(Snapshot snapshot) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText().write(snapshot, ExpositionFormat.TEXT_0_0_4, out);
        return ParsedMetrics.ofText(out.toString(UTF_8));
    }

    private static Map<String, String> names(Snapshot snapshot) {
        return SampleSnapshots.families(snapshot).stream()
                .collect(Collectors.toMap(MetricFamily::name, MetricFamily::prometheusName));
    }

    @ParameterizedTest
    @FieldSource("SNAPSHOTS")
    void textEqualsOpenTelemetrysPrometheusExporter(Supplier<Snapshot> snapshots) throws Exception {
        Snapshot snapshot = snapshots.get();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        PrometheusHttpServer oracle = PrometheusHttpServer.builder()
                .setHost("127.0.0.1")
                .setPort(port)
                .setOtelScopeLabelsEnabled(false)
                .setTargetInfoMetricEnabled(false)
                .setTranslationStrategy(TranslationStrategy.NO_UTF8_ESCAPING_WITH_SUFFIXES)
                .build();
        try (ReaderOutlet outlet = new ReaderOutlet(oracle, () -> Map.of("service.name", "test"), () -> snapshot);
                InputStream response = URI.create("http://127.0.0.1:" + port + "/metrics")
                        .toURL()
                        .openStream()) {
            assertThat(outlet).isNotNull();
            String scraped = new String(response.readAllBytes(), UTF_8);
            assertSame(text(snapshot).renamed(OutletsAgreeTest::asTheirs), ParsedMetrics.ofText(scraped));
        }
    }

    @ParameterizedTest
    @FieldSource("SNAPSHOTS")
    void readersSeeTheSeriesOfTheText(Supplier<Snapshot> snapshots) throws IOException {
        Snapshot snapshot = snapshots.get();
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (ReaderOutlet outlet = new ReaderOutlet(reader, () -> Map.of("service.name", "test"), () -> snapshot)) {
            Collection<MetricData> metrics = reader.collectAllMetrics();
            assertThat(outlet).isNotNull();
            assertSame(text(snapshot), ParsedMetrics.ofMetricData(metrics, names(snapshot)));
        }
    }

    @ParameterizedTest
    @FieldSource("SNAPSHOTS")
    void instrumentsOfAHostShowTheSeriesOfTheText(Supplier<Snapshot> snapshots) throws IOException {
        Snapshot snapshot = snapshots.get();
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (OpenTelemetrySdk host = OpenTelemetrySdk.builder()
                        .setMeterProvider(SdkMeterProvider.builder()
                                .registerMetricReader(reader, limit(200_000))
                                .build())
                        .build();
                InstrumentOutlet outlet =
                        new InstrumentOutlet(host, SampleSnapshots.families(snapshot), () -> snapshot)) {
            assertThat(outlet).isNotNull();
            assertSame(
                    text(snapshot).without(series -> Double.isNaN(series.value())), // an SDK's instruments take no NaN
                    ParsedMetrics.ofMetricData(reader.collectAllMetrics(), names(snapshot)));
        }
    }

    /**
     * The one known difference: their exporter takes {@code _info} off the names of gauges. (Its default strategy takes
     * {@code _total} off {@code node_resources_memory_total}, too.) The names of the metric contract keep it.
     */
    private static String asTheirs(String name) {
        return name.endsWith("_info") ? name.substring(0, name.length() - "_info".length()) : name;
    }

    private static CardinalityLimitSelector limit(int series) {
        return instrumentType -> series;
    }

    private static void assertSame(ParsedMetrics expected, ParsedMetrics actual) {
        assertThat(actual.types()).isEqualTo(expected.types());
        assertThat(actual.help()).isEqualTo(expected.help());
        assertThat(actual.series()).containsExactlyInAnyOrderElementsOf(expected.series());
    }

    @Test
    void closedInstrumentsAreSilent() {
        Snapshot snapshot = SampleSnapshots.everyShape();
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (OpenTelemetrySdk host = OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build()) {
            new InstrumentOutlet(host, SampleSnapshots.families(snapshot), () -> snapshot).close();
            assertThat(reader.collectAllMetrics()).isEmpty();
        }
    }

    @Test
    void aReadersResourceIsTheOneOfTheMomentOfTheCollection() {
        AtomicReference<Map<String, String>> attributes = new AtomicReference<>(Map.of("service.name", "test"));
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        Snapshot snapshot = SampleSnapshots.everyShape();
        try (ReaderOutlet outlet = new ReaderOutlet(reader, attributes::get, () -> snapshot)) {
            assertThat(outlet).isNotNull();
            assertThat(regions(reader)).containsOnly("");
            attributes.set(Map.of("service.name", "test", "cloud.region", "eu-central-1"));
            assertThat(regions(reader)).containsOnly("eu-central-1");
        }
    }

    private static List<String> regions(InMemoryMetricReader reader) {
        return reader.collectAllMetrics().stream()
                .map(metric -> metric.getResource().getAttribute(AttributeKey.stringKey("cloud.region")))
                .map(region -> region == null ? "" : region)
                .toList();
    }

    @Test
    void nothingIsShownBeforeTheFirstSnapshot() {
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (ReaderOutlet outlet = new ReaderOutlet(reader, Map::of, () -> null)) {
            assertThat(outlet).isNotNull();
            assertThat(reader.collectAllMetrics()).isEmpty();
        }
    }
}
