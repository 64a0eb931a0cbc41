package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.internal.source.procfs.Hostname;
import io.nodetelemetry.internal.source.procfs.KernelRelease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The node's name and kernel, and the version of this agent. */
public final class NodeCollector implements Collector {
    private final Labels agent;
    private Labels node = Labels.NONE;
    private Path procRoot = Path.of("/proc");

    /**
     * Nothing is read yet.
     *
     * @param agentVersion of this agent
     */
    public NodeCollector(String agentVersion) {
        agent = Labels.of(agentVersion);
    }

    @Override
    public String name() {
        return "node";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(NodeMetrics.NODE_INFO, AgentMetrics.NODE_AGENT_INFO);
    }

    @Override
    public void start(CollectorContext context) throws CollectorUnavailableException {
        procRoot = context.procRoot();
        if (Hostname.read(procRoot).isEmpty() && KernelRelease.read(procRoot).isEmpty()) {
            throw new CollectorUnavailableException("cannot read " + procRoot.resolve("sys/kernel/hostname") + " nor "
                    + procRoot.resolve("sys/kernel/osrelease") + "; mount procfs there or set the proc root");
        }
    }

    /** Names of nodes change, but not often. */
    @Override
    public Duration interval() {
        return Duration.ofSeconds(10);
    }

    @Override
    public List<MetricTable> collect() {
        Optional<String> kernel = KernelRelease.read(procRoot).map(KernelRelease::value);
        Labels current = Labels.of(Hostname.read(procRoot).orElse(""), kernel.orElse(""));
        if (!current.equals(node)) {
            node = current;
        }
        return List.of(one(NodeMetrics.NODE_INFO, node), one(AgentMetrics.NODE_AGENT_INFO, agent));
    }

    private static MetricTable one(MetricFamily family, Labels labels) {
        return MetricTable.builder(family).row(labels).set(0, 1).build();
    }

    @Override
    public void close() {}
}
