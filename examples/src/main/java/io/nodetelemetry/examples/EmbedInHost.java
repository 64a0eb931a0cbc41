package io.nodetelemetry.examples;

import io.nodetelemetry.NodeTelemetry;
import io.opentelemetry.exporter.logging.LoggingMetricExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;

/** The agent inside a program that has an OpenTelemetry of its own: the metrics go that way, and no port is opened. */
final class EmbedInHost {
    private EmbedInHost() {}

    public static void main(String[] args) throws InterruptedException {
        PeriodicMetricReader reader = PeriodicMetricReader.create(LoggingMetricExporter.create());
        SdkMeterProvider meters = SdkMeterProvider.builder()
                .registerMetricReader(reader, instrument -> 100_000) // series per metric; the SDK's default is 2 000
                .build();
        try (OpenTelemetrySdk host =
                        OpenTelemetrySdk.builder().setMeterProvider(meters).build();
                NodeTelemetry _ = NodeTelemetry.builder().openTelemetry(host).start()) {
            Thread.sleep(120_000);
        }
    }
}
