package io.nodetelemetry.internal.export;

import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds any reader of the OpenTelemetry SDK, such as its own Prometheus exporter or a periodic reader over an exporter of
 * the host's. (That exporter takes {@code _info} off the names of gauges, and with its default translation strategy also
 * {@code _total} before a unit; {@link PrometheusServer} has the names of the metric list.) A reader belongs to one outlet and is shut down with it.
 */
public final class ReaderOutlet implements AutoCloseable {
    private static final Duration LAST_PUSH = Duration.ofMillis(1500);

    private final SdkMeterProvider provider;

    /**
     * Registers the reader.
     *
     * @param resourceAttributes who speaks: {@code service.name}, {@code host.name}, {@code host.id} …; asked at each
     *     collection and must not block
     * @param snapshots asked at each collection and must not block; null as long as there is no snapshot
     */
    public ReaderOutlet(
            MetricReader reader,
            Supplier<Map<String, String>> resourceAttributes,
            Supplier<? extends @Nullable Snapshot> snapshots) {
        CurrentResource resource = new CurrentResource(resourceAttributes);
        provider = SdkMeterProvider.builder()
                .setResource(resource.get())
                .registerMetricReader(reader)
                .registerMetricProducer(new SnapshotMetricProducer(snapshots, resource))
                .build();
    }

    /** Shuts the reader down; a periodic one makes its last push. Takes at most 1.5 s. */
    @Override
    public void close() {
        var _ = provider.shutdown().join(LAST_PUSH.toMillis(), TimeUnit.MILLISECONDS);
    }
}
