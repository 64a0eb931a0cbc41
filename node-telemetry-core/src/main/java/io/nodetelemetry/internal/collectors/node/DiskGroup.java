package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.internal.source.procfs.DiskStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the node's disks did; not their partitions, whose counts are among theirs. */
final class DiskGroup implements ResourceGroup {
    private static final int MAX_DISKS = 4_096;

    private final RowLabels<String> labels = new RowLabels<>(MAX_DISKS, Labels::of);

    @Override
    public List<MetricFamily> families() {
        return List.of(
                NodeMetrics.DISK_READS,
                NodeMetrics.DISK_READ_BYTES,
                NodeMetrics.DISK_READ_TIME,
                NodeMetrics.DISK_WRITES,
                NodeMetrics.DISK_WRITTEN_BYTES,
                NodeMetrics.DISK_WRITE_TIME,
                NodeMetrics.DISK_IO_TIME);
    }

    @Override
    public List<MetricTable> read(Path procRoot) throws IOException {
        Optional<DiskStats> read = DiskStats.read(procRoot);
        if (read.isEmpty()) {
            return List.of();
        }
        labels.begin();
        MetricTable.Builder table = MetricTable.builder(families().toArray(MetricFamily[]::new));
        for (DiskStats.Device disk : read.get().devices()) {
            if (disk.isWholeDisk()) {
                labels.next(disk.name())
                        .ifPresent(row -> table.row(row)
                                .set(0, disk.reads())
                                .set(1, disk.readBytes())
                                .set(2, disk.readMillis() / 1e3)
                                .set(3, disk.writes())
                                .set(4, disk.writtenBytes())
                                .set(5, disk.writeMillis() / 1e3)
                                .set(6, disk.busyMillis() / 1e3));
            }
        }
        return List.of(table.build());
    }

    /** Disks that were left out for want of room, counted at each read. */
    long dropped() {
        return labels.dropped();
    }
}
