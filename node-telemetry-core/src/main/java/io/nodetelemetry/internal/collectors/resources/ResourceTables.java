package io.nodetelemetry.internal.collectors.resources;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.ResourceMetrics;
import io.nodetelemetry.internal.source.cgroupfs.CpuLimit;
import io.nodetelemetry.internal.source.cgroupfs.MemoryLimit;
import io.nodetelemetry.internal.source.cgroupfs.Pressured;
import io.nodetelemetry.internal.source.pressure.PressureStallInfo;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** The rows of the resource metrics, two tables: pressure has a label more. Used once. */
final class ResourceTables {
    static final List<MetricFamily> USAGE = List.of(
            ResourceMetrics.CPU_USAGE,
            ResourceMetrics.CPU_THROTTLED,
            ResourceMetrics.CPU_LIMIT,
            ResourceMetrics.MEMORY_RSS,
            ResourceMetrics.MEMORY_CACHE,
            ResourceMetrics.MEMORY_LIMIT);
    /** In the order of {@link Pressured}. */
    static final List<MetricFamily> PRESSURE =
            List.of(ResourceMetrics.CPU_PRESSURE, ResourceMetrics.MEMORY_PRESSURE, ResourceMetrics.IO_PRESSURE);

    private static final List<Pressured> RESOURCES = List.of(Pressured.values());
    private static final double NANOS = 1e9;
    private static final double MICROS = 1e6;

    private final MetricTable.Builder usage = MetricTable.builder(USAGE.toArray(MetricFamily[]::new));
    private final MetricTable.Builder pressure = MetricTable.builder(PRESSURE.toArray(MetricFamily[]::new));

    void add(ContainerReading reading, ContainerReading.RowLabels labels) {
        usage.row(labels.plain());
        set(0, reading.cpuNanos());
        set(1, reading.throttledNanos());
        if (reading.cpuLimit().orElse(CpuLimit.None.UNLIMITED) instanceof CpuLimit.Cores cores) {
            usage.set(2, cores.count());
        }
        reading.memory().rssBytes().ifPresent(bytes -> usage.set(3, bytes));
        reading.memory().cacheBytes().ifPresent(bytes -> usage.set(4, bytes));
        if (reading.memory().limit().orElse(MemoryLimit.None.UNLIMITED) instanceof MemoryLimit.Bytes bytes) {
            usage.set(5, bytes.count());
        }
        addPressure(reading, labels.some(), PressureStallInfo::someMicros);
        addPressure(reading, labels.full(), PressureStallInfo::fullMicros);
    }

    private void set(int family, OptionalLong nanos) {
        if (nanos.isPresent()) {
            usage.set(family, nanos.getAsLong() / NANOS);
        }
    }

    private void addPressure(ContainerReading reading, Labels labels, Function<PressureStallInfo, OptionalLong> kind) {
        boolean rowAdded = false;
        for (int family = 0; family < RESOURCES.size(); family++) {
            OptionalLong micros = kind.apply(reading.pressure(RESOURCES.get(family)));
            if (micros.isPresent()) {
                if (!rowAdded) {
                    pressure.row(labels);
                    rowAdded = true;
                }
                pressure.set(family, micros.getAsLong() / MICROS);
            }
        }
    }

    List<MetricTable> build() {
        return List.of(usage.build(), pressure.build());
    }
}
