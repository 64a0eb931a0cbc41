package io.nodetelemetry.internal.export;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous instruments on the host's own {@code OpenTelemetry}, one per family, that observe the latest snapshot when
 * the host's readers collect. No port is opened and no thread started.
 *
 * <p>The host's SDK keeps at most 2 000 attribute sets per instrument unless told otherwise and folds the rest into one
 * series with {@code otel.metric.overflow=true}. Give the reader a larger limit:
 *
 * <pre>{@code
 * SdkMeterProvider.builder().registerMetricReader(reader, instrumentType -> 200_000)
 * }</pre>
 *
 * <p>Counters then start when the host first collects them, not when the agent started: that is how an SDK sees
 * asynchronous instruments. A value that is not a number is left out by the SDK. Closing takes the instruments' callbacks off; the host's {@code OpenTelemetry} stays open.
 */
public final class InstrumentOutlet implements AutoCloseable {
    private final Supplier<? extends @Nullable Snapshot> snapshots;
    private final LabelSchemas schemas = new LabelSchemas();
    private final List<AutoCloseable> callbacks = new ArrayList<>();

    /**
     * Registers the instruments.
     *
     * @param families every family that snapshots may have; others are not seen
     * @param snapshots asked at each collection, once per family, and must not block; null as long as there is none
     */
    public InstrumentOutlet(
            OpenTelemetry openTelemetry,
            List<MetricFamily> families,
            Supplier<? extends @Nullable Snapshot> snapshots) {
        this.snapshots = snapshots;
        Meter meter = openTelemetry.getMeter(PointRange.SCOPE.getName());
        for (MetricFamily family : families) {
            callbacks.add(register(meter, family));
        }
    }

    private AutoCloseable register(Meter meter, MetricFamily family) {
        return switch (family.kind()) {
            case COUNTER -> counter(meter, family);
            case GAUGE -> gauge(meter, family);
        };
    }

    private AutoCloseable counter(Meter meter, MetricFamily family) {
        var builder = meter.counterBuilder(family.name()).setUnit(family.unit()).setDescription(family.description());
        return switch (family.type()) {
            case LONG -> builder.buildWithCallback(measurement -> observe(family, measurement));
            case DOUBLE -> builder.ofDoubles().buildWithCallback(measurement -> observe(family, measurement));
        };
    }

    private AutoCloseable gauge(Meter meter, MetricFamily family) {
        var builder = meter.gaugeBuilder(family.name()).setUnit(family.unit()).setDescription(family.description());
        return switch (family.type()) {
            case LONG -> builder.ofLongs().buildWithCallback(measurement -> observe(family, measurement));
            case DOUBLE -> builder.buildWithCallback(measurement -> observe(family, measurement));
        };
    }

    private void observe(MetricFamily family, ObservableLongMeasurement measurement) {
        walk(
                family,
                (column, schema, row) -> measurement.record(
                        column.table().longValue(column.column(), row),
                        schema.attributes(column.table().labels(row))));
    }

    private void observe(MetricFamily family, ObservableDoubleMeasurement measurement) {
        walk(
                family,
                (column, schema, row) -> measurement.record(
                        column.table().doubleValue(column.column(), row),
                        schema.attributes(column.table().labels(row))));
    }

    private interface RowConsumer {
        void accept(FamilyColumn column, LabelSchema schema, int row);
    }

    private void walk(MetricFamily family, RowConsumer consumer) {
        Snapshot snapshot = snapshots.get();
        if (snapshot == null) {
            return;
        }
        for (MetricTable table : snapshot.tables()) {
            int index = table.families().indexOf(family);
            if (index >= 0) {
                FamilyColumn column = new FamilyColumn(family, family.prometheusName(), table, index);
                LabelSchema schema = schemas.of(snapshot, column);
                for (int row = column.nextRow(0); row < table.size(); row = column.nextRow(row + 1)) {
                    consumer.accept(column, schema, row);
                }
            }
        }
    }

    @Override
    public void close() {
        for (AutoCloseable callback : callbacks) {
            try {
                callback.close();
            } catch (Exception e) {
                throw new IllegalStateException("an instrument of the host's OpenTelemetry cannot be closed", e);
            }
        }
    }
}
