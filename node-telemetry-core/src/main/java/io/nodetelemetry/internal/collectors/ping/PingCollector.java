package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.PingMetrics;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Round-trip times from containers to those they talk to. They are measured on a thread of its own, at its own pace; a
 * collection says who is to be asked, and takes what was measured last.
 */
public final class PingCollector implements Collector, PartlyWorking {
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);

    /**
     * How it is measured.
     *
     * @param interval from one measurement to the next
     * @param timeout for an answer
     * @param maxTargets of one container; those it talked to last go first
     * @param maxPerSecond requests, of all containers
     */
    public record Config(Duration interval, Duration timeout, int maxTargets, int maxPerSecond) {}

    private final Config config;
    private final ContainerRegistry registry;
    private final Peers peers;
    private final TargetChoice choice;
    private final RoundTrips roundTrips = new RoundTrips();
    private final PingDrops drops = new PingDrops();
    private volatile @Nullable PingCycle cycle;
    private @Nullable PingThread thread;

    /** Opens nothing yet. */
    public PingCollector(Config config, ContainerRegistry registry, Peers peers) {
        this.config = config;
        this.registry = registry;
        this.peers = peers;
        choice = new TargetChoice(config.maxTargets());
    }

    @Override
    public String name() {
        return "ping";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(PingMetrics.LATENCY);
    }

    @Override
    public Duration interval() {
        return config.interval().compareTo(LONGEST_INTERVAL) < 0 ? config.interval() : LONGEST_INTERVAL;
    }

    @Override
    public void start(CollectorContext context) throws CollectorUnavailableException {
        NamespaceFinder finder;
        Path procRoot = context.procRoot();
        try {
            finder = new NamespaceFinder(CgroupTree.open(context.cgroupRoot(), procRoot), procRoot);
        } catch (CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
        }
        thread = new PingThread(() -> {
            PingCycle opened = new PingCycle(config, finder, procRoot, roundTrips, drops, System.nanoTime());
            cycle = opened;
            return opened;
        });
    }

    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        PingThread started = thread;
        if (started == null) {
            throw new CollectorUnavailableException("not started");
        }
        PingPlan plan = plan();
        started.follow(plan);
        return List.of(roundTrips.table(plan.keys()));
    }

    private PingPlan plan() {
        Map<ContainerId, List<SocketAddress>> targets = choice.choose(peers);
        if (targets.isEmpty()) {
            return PingPlan.EMPTY;
        }
        Map<ContainerId, Map<CgroupRef, CgroupPath>> cgroups = new HashMap<>();
        for (Container container : registry.containers()) {
            ContainerId id = container.id().orElse(null);
            if (id != null && container.endedAt().isEmpty() && targets.containsKey(id)) {
                cgroups.computeIfAbsent(id, key -> new LinkedHashMap<>()).putAll(container.cgroups());
            }
        }
        List<PingPlan.Member> members = new ArrayList<>();
        cgroups.forEach((id, its) -> members.add(new PingPlan.Member(id, its, targets.getOrDefault(id, List.of()))));
        return new PingPlan(members);
    }

    @Override
    public Optional<String> degraded() {
        PingCycle running = cycle;
        return running == null ? Optional.empty() : running.degraded();
    }

    /** What was not asked, by reason; zeros included. */
    public Map<String, Long> drops() {
        Map<String, Long> counts = new HashMap<>(drops.counts());
        counts.put("targets", choice.dropped());
        return counts;
    }

    @Override
    public void close() {
        PingThread running = thread;
        thread = null;
        cycle = null;
        if (running != null) {
            running.close();
        }
        roundTrips.clear();
    }
}
