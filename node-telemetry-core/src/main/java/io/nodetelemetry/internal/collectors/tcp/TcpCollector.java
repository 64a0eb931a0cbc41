package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.TcpMetrics;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.TcpCounters;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Peers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP by container: who connects where, how often it fails, what is open, who listens. The kernel counts
 * ({@link TcpCounters}); this reads the counts at each turn and names them.
 */
public final class TcpCollector implements Collector, ContainerListener, PartlyWorking {
    private static final Logger LOG = LoggerFactory.getLogger(TcpCollector.class);
    /** How often sockets older than the agent are looked after. */
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(30);

    private final Callable<TcpCounters> opener;
    private final ConnectionLedger connections;
    private final ListenerLedger listeners;
    private @Nullable TcpCounters counters;
    private long nextHousekeeping;
    private boolean readOpen;
    private Duration openInterval = OpenInterval.SHORTEST;

    /**
     * A collector that is not started.
     *
     * @param opener loads and attaches
     * @param bounds how much is kept
     * @param idle how long a destination must be idle to make room for others, and how long a closed listener is shown
     */
    public TcpCollector(
            Callable<TcpCounters> opener,
            ContainerRegistry registry,
            NamespaceAddresses addresses,
            TcpBounds bounds,
            Duration idle) {
        this.opener = opener;
        connections = new ConnectionLedger(
                registry, bounds.destinations(), bounds.destinationsPerContainer(), idle.toNanos());
        listeners = new ListenerLedger(registry, addresses, bounds.listenerSeries(), idle.toNanos());
        registry.listen(this);
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(
                TcpMetrics.TCP_SUCCESSFUL_CONNECTS,
                TcpMetrics.TCP_CONNECT_TIME,
                TcpMetrics.TCP_ACTIVE_CONNECTIONS,
                TcpMetrics.TCP_RETRANSMITS,
                TcpMetrics.TCP_BYTES_SENT,
                TcpMetrics.TCP_BYTES_RECEIVED,
                TcpMetrics.TCP_RESET_CONNECTIONS,
                TcpMetrics.TCP_RTT,
                TcpMetrics.TCP_CONNECT_FAILURES,
                TcpMetrics.TCP_FAILED_CONNECTS,
                TcpMetrics.TCP_ABANDONED_CONNECTS,
                TcpMetrics.TCP_ACCEPTED_RETRANSMITS,
                TcpMetrics.TCP_LISTEN_INFO);
    }

    @Override
    public void start(CollectorContext context) throws Exception {
        listeners.ask(processes(context));
        TcpCounters opened = opener.call();
        counters = opened;
        nextHousekeeping = System.nanoTime() + HOUSEKEEPING.toNanos();
        LOG.debug("TCP is counted by {}", opened.hook().label());
        for (String reason : opened.whyNotBetter()) {
            LOG.warn(
                    "TCP is counted by {}, not by a better hook: {}",
                    opened.hook().label(),
                    reason);
        }
    }

    private static ContainerProcesses processes(CollectorContext context) {
        try {
            CgroupTree tree = CgroupTree.open(context.cgroupRoot(), context.procRoot());
            return container -> container.cgroups().entrySet().stream()
                    .flatMap(cgroup -> tree.processes(cgroup.getKey(), cgroup.getValue()).stream())
                    .toList();
        } catch (CgroupfsUnavailableException e) {
            // Without the tree there are no containers either, and another collector says so.
            return ContainerProcesses.UNKNOWN;
        }
    }

    @Override
    public List<MetricTable> collect() throws Exception {
        TcpCounters source = counters;
        if (source == null) {
            throw new CollectorUnavailableException("not started");
        }
        // BPF programs stamp with CLOCK_MONOTONIC, which is what this is on Linux.
        long now = System.nanoTime();
        if (now - nextHousekeeping >= 0) {
            nextHousekeeping = now + HOUSEKEEPING.toNanos();
            source.sweepMissedCloses().forEach(connections::missedClose);
            source.releaseTracepointsIfIdle();
        }
        if (readOpen) {
            readOpen = false;
            connections.readAll(source);
            openInterval = OpenInterval.afterWalkOf(Duration.ofNanos(System.nanoTime() - now));
            connections.relieve(source, now);
        } else {
            connections.read(source);
        }
        listeners.read(source, now);
        List<MetricTable> tables = new ArrayList<>(connections.tables());
        tables.addAll(listeners.tables());
        return tables;
    }

    /**
     * The part of this collector that says when the open connections are looked at too, which costs more than the rest:
     * to be called before it, in the same turn. It has no metrics.
     */
    public Collector openConnections() {
        return new Collector() {
            @Override
            public String name() {
                return "tcp_open";
            }

            @Override
            public List<MetricFamily> families() {
                return List.of();
            }

            @Override
            public void start(CollectorContext context) {}

            @Override
            public Duration interval() {
                return openInterval;
            }

            @Override
            public List<MetricTable> collect() {
                readOpen = true;
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    /** What found no room, by reason. */
    public Map<String, Long> drops() {
        return Map.of("listener_series", listeners.dropped());
    }

    /** Names whom containers are connected to, were, or tried to be; nobody before the first collection. */
    public void visitPeers(Peers.Visitor visitor) {
        connections.visitPeers(visitor);
    }

    @Override
    public void forgotten(Container container, Optional<Container> heir) {
        if (heir.isEmpty()) {
            container.id().ifPresent(listeners::forget);
        }
        TcpCounters source = counters;
        if (source == null) {
            return;
        }
        try {
            connections.forget(container, heir, source);
        } catch (IOException e) {
            // Its rows stay in the kernel's map and are removed when room is needed.
            LOG.warn("Rows of {} could not be removed", container.key(), e);
        }
    }

    /** What the kernel's counts come from, for example {@code sock_ops}; empty while the collector is off. */
    public Optional<String> hook() {
        return Optional.ofNullable(counters).map(source -> source.hook().label());
    }

    @Override
    public Optional<String> degraded() {
        return Optional.ofNullable(counters).flatMap(TcpCounters::degraded);
    }

    /** What is loaded; empty while the collector is off. */
    public Optional<BpfProbe> probe() {
        return Optional.ofNullable(counters);
    }

    @Override
    public void close() {
        TcpCounters open = counters;
        counters = null;
        if (open != null) {
            open.close();
        }
    }
}
