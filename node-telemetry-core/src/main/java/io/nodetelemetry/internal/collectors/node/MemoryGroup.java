package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.internal.source.procfs.MemInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The node's memory. */
final class MemoryGroup implements ResourceGroup {
    @Override
    public List<MetricFamily> families() {
        return List.of(
                NodeMetrics.MEMORY_TOTAL,
                NodeMetrics.MEMORY_FREE,
                NodeMetrics.MEMORY_AVAILABLE,
                NodeMetrics.MEMORY_CACHED);
    }

    @Override
    public List<MetricTable> read(Path procRoot) throws IOException {
        Optional<MemInfo> read = MemInfo.read(procRoot);
        if (read.isEmpty()) {
            return List.of();
        }
        MemInfo memory = read.get();
        List<OptionalLong> values =
                List.of(memory.totalBytes(), memory.freeBytes(), memory.availableBytes(), memory.cachedBytes());
        MetricTable.Builder table =
                MetricTable.builder(families().toArray(MetricFamily[]::new)).row(Labels.NONE);
        for (int i = 0; i < values.size(); i++) {
            int family = i;
            values.get(i).ifPresent(bytes -> table.set(family, bytes));
        }
        return List.of(table.build());
    }
}
