package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's CPUs, memory, disks, pressure and uptime, from procfs. What one file hides, the others still show. */
public final class NodeResourcesCollector implements Collector, PartlyWorking {
    private static final Logger LOG = LoggerFactory.getLogger(NodeResourcesCollector.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final DiskGroup disks = new DiskGroup();
    private final List<ResourceGroup> groups = List.of(
            new CpuGroup(),
            new MemoryGroup(),
            new UptimeGroup(),
            disks,
            new PressureGroup("cpu", NodeMetrics.CPU_PRESSURE),
            new PressureGroup("memory", NodeMetrics.MEMORY_PRESSURE),
            new PressureGroup("io", NodeMetrics.IO_PRESSURE));
    private final Map<ResourceGroup, String> failing = new LinkedHashMap<>();
    private Path procRoot = Path.of("/proc");

    @Override
    public String name() {
        return "node_resources";
    }

    @Override
    public List<MetricFamily> families() {
        return groups.stream().flatMap(group -> group.families().stream()).toList();
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public void start(CollectorContext context) throws CollectorUnavailableException {
        procRoot = context.procRoot();
        if (!Files.isReadable(procRoot.resolve("stat")) && !Files.isReadable(procRoot.resolve("meminfo"))) {
            throw new CollectorUnavailableException("cannot read " + procRoot.resolve("stat") + " nor "
                    + procRoot.resolve("meminfo") + "; mount procfs there or set the proc root");
        }
    }

    @Override
    public List<MetricTable> collect() {
        List<MetricTable> tables = new ArrayList<>();
        for (ResourceGroup group : groups) {
            try {
                tables.addAll(group.read(procRoot));
                failing.remove(group);
            } catch (IOException | LinkageError e) {
                // A linkage error: this JVM does not let us call libc, which tells how long a tick is.
                String metric = group.families().getFirst().prometheusName();
                if (failing.put(group, "no " + metric + ": " + e) == null) {
                    LOG.warn("No {}: {}", metric, e.toString());
                    LOG.debug("No {}", metric, e);
                }
            }
        }
        return tables;
    }

    @Override
    public Optional<String> degraded() {
        return failing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", failing.values()));
    }

    /** Rows that were left out for want of room, for our own metrics. */
    public Map<String, Long> drops() {
        return Map.of("disks", disks.dropped());
    }

    @Override
    public void close() {}
}
