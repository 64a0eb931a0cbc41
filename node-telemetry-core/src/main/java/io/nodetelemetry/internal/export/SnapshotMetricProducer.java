package io.nodetelemetry.internal.export;

import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest snapshot as the SDK's metric data, one view per family. The SDK's cardinality limit does not concern
 * producers: every series is passed on. Safe for use by several threads.
 */
final class SnapshotMetricProducer implements MetricProducer {
    private final Supplier<? extends @Nullable Snapshot> snapshots;
    private final CurrentResource resource;
    private final LabelSchemas schemas = new LabelSchemas();

    /**
     * Over these snapshots.
     *
     * @param snapshots asked once per collection and must not block; null as long as there is no snapshot
     * @param resource who speaks
     */
    SnapshotMetricProducer(Supplier<? extends @Nullable Snapshot> snapshots, CurrentResource resource) {
        this.snapshots = snapshots;
        this.resource = resource;
    }

    /** The SDK's resource is the one of the start; ours may have learned something since. */
    @Override
    public Collection<MetricData> produce(Resource ofTheStart) {
        Snapshot snapshot = snapshots.get();
        Resource current = resource.get();
        List<MetricData> metrics = new ArrayList<>();
        if (snapshot != null) {
            for (FamilyColumn column : FamilyColumn.of(snapshot)) {
                LabelSchema schema = schemas.of(snapshot, column);
                metrics.add(PointRange.of(current, column, schema, snapshot, 0, Integer.MAX_VALUE));
            }
        }
        return metrics;
    }

    /** Cuts a snapshot into batches of at most so many points each, in the order of the families. */
    List<List<MetricData>> batches(Snapshot snapshot, int mostPoints) {
        Resource current = resource.get();
        List<List<MetricData>> batches = new ArrayList<>();
        List<MetricData> batch = new ArrayList<>();
        int room = mostPoints;
        for (FamilyColumn column : FamilyColumn.of(snapshot)) {
            LabelSchema schema = schemas.of(snapshot, column);
            for (int row = 0; row < column.table().size(); ) {
                PointRange range = PointRange.of(current, column, schema, snapshot, row, room);
                batch.add(range);
                room -= range.size();
                row = range.nextRow();
                if (room == 0) {
                    batches.add(batch);
                    batch = new ArrayList<>();
                    room = mostPoints;
                }
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
