package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.internal.source.procfs.CpuMode;
import io.nodetelemetry.internal.source.procfs.ProcStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** CPU time by mode, and the number of CPUs. */
final class CpuGroup implements ResourceGroup {
    private final Map<CpuMode, Labels> labels = new EnumMap<>(CpuMode.class);
    private final Map<CpuMode, Long> highest = new EnumMap<>(CpuMode.class);

    CpuGroup() {
        for (CpuMode mode : CpuMode.values()) {
            labels.put(mode, Labels.of(mode.name().toLowerCase(Locale.ROOT)));
        }
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(NodeMetrics.CPU_USAGE, NodeMetrics.CPU_LOGICAL_CORES);
    }

    @Override
    public List<MetricTable> read(Path procRoot) throws IOException {
        Optional<ProcStat> read = ProcStat.read(procRoot);
        if (read.isEmpty()) {
            return List.of();
        }
        ProcStat stat = read.get();
        MetricTable.Builder usage = MetricTable.builder(NodeMetrics.CPU_USAGE);
        labels.forEach((mode, row) -> {
            Long micros = stat.micros().get(mode);
            if (micros != null) {
                // Idle times fall by a tick now and then; a reader would take that for a restart at zero.
                usage.row(row).set(0, highest.merge(mode, micros, Math::max) / 1e6);
            }
        });
        List<MetricTable> tables = new ArrayList<>(List.of(usage.build()));
        if (stat.logicalCores() > 0) {
            tables.add(MetricTable.single(NodeMetrics.CPU_LOGICAL_CORES, stat.logicalCores()));
        }
        return tables;
    }
}
