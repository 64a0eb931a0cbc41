package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.DiskMetrics;
import io.nodetelemetry.internal.source.cgroupfs.IoCounters;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.model.ContainerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one turn. Of containers that bear one name the youngest running one is shown, or the youngest if none runs:
 * sums of two would be of no disk.
 */
final class DiskTable {
    static final List<MetricFamily> FAMILIES = List.of(
            DiskMetrics.DISK_SIZE,
            DiskMetrics.DISK_USED,
            DiskMetrics.DISK_RESERVED,
            DiskMetrics.DISK_READS,
            DiskMetrics.DISK_READ_BYTES,
            DiskMetrics.DISK_WRITES,
            DiskMetrics.DISK_WRITTEN_BYTES);

    private record Shown(Container container, ContainerDisks disks) {}

    private final Map<ContainerId, Shown> containers = new LinkedHashMap<>();

    /** Adds a container that has a name; younger ones come later. */
    void add(Container container, ContainerDisks disks) {
        container.id().ifPresent(id -> containers.merge(id, new Shown(container, disks), DiskTable::preferred));
    }

    private static Shown preferred(Shown older, Shown younger) {
        boolean olderAlone = older.container().endedAt().isEmpty()
                && younger.container().endedAt().isPresent();
        return olderAlone ? older : younger;
    }

    MetricTable build() {
        MetricTable.Builder table = MetricTable.builder(FAMILIES.toArray(MetricFamily[]::new));
        containers.forEach((id, shown) -> {
            for (DiskMount mount : shown.disks().mounts()) {
                if (mount.isShown()) {
                    addRow(table, mount.labels(id), mount, shown.disks());
                }
            }
        });
        return table.build();
    }

    private static void addRow(MetricTable.Builder table, Labels labels, DiskMount mount, ContainerDisks disks) {
        table.row(labels);
        mount.size()
                .ifPresent(size ->
                        table.set(0, size.sizeBytes()).set(1, size.usedBytes()).set(2, size.reservedBytes()));
        mount.diskNumber()
                .flatMap(number -> disks.io().flatMap(counters -> counters.device(number)))
                .ifPresent(io -> set(table, io));
    }

    private static void set(MetricTable.Builder table, IoCounters.Device io) {
        table.set(3, io.reads()).set(4, io.readBytes()).set(5, io.writes()).set(6, io.writtenBytes());
    }
}
