package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.internal.source.procfs.Uptime;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** How long the node has been up. */
final class UptimeGroup implements ResourceGroup {
    @Override
    public List<MetricFamily> families() {
        return List.of(NodeMetrics.NODE_UPTIME);
    }

    @Override
    public List<MetricTable> read(Path procRoot) {
        OptionalLong millis = Uptime.readMillis(procRoot);
        return millis.isEmpty()
                ? List.of()
                : List.of(MetricTable.single(NodeMetrics.NODE_UPTIME, millis.getAsLong() / 1e3));
    }
}
