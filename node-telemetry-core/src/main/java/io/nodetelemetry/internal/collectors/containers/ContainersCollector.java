package io.nodetelemetry.internal.collectors.containers;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.ContainerMetrics;
import io.nodetelemetry.internal.runtime.MetadataResolver;
import io.nodetelemetry.internal.runtime.RuntimeClient;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry of containers true: fed with the kernel's events as they come, with a walk of the cgroup file
 * systems now and then, and with the runtimes' answers.
 *
 * <p>Without a cgroup file system it goes on with the events alone, and without events with the walks alone. All methods
 * belong to the agent's thread.
 */
public final class ContainersCollector implements Collector, PartlyWorking {
    private static final Logger LOG = LoggerFactory.getLogger(ContainersCollector.class);

    /** A unit gets its processes soon after its cgroup, or much later if ever. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private final ContainerRegistry registry;
    private final List<RuntimeClient> clients;
    private final Config config;
    private final Runnable takeEvents;
    private final OomKills oomKills;
    private final Restarts restarts = new Restarts();
    private final ContainerRows rows = new ContainerRows();
    private InstantSource clock = InstantSource.system();
    private Instant lastWalk = Instant.EPOCH;
    private @Nullable CollectorContext context;
    private @Nullable CgroupTree tree;
    private @Nullable MetadataResolver resolver;
    private String missingTree = "";

    /**
     * How often it looks.
     *
     * @param walkInterval between two walks of the cgroup tree when nothing is missing
     * @param searchInterval between two walks when a cgroup was asked for that nobody knows
     * @param questions how the runtimes are asked
     */
    public record Config(Duration walkInterval, Duration searchInterval, MetadataResolver.Config questions) {
        /** Some milliseconds of work per walk on a node of a thousand containers. */
        public static final Config DEFAULT =
                new Config(Duration.ofSeconds(10), Duration.ofSeconds(1), MetadataResolver.Config.DEFAULT);
    }

    private final class Changes implements ContainerListener {
        @Override
        public void metadataWanted(ContainerKey key) {
            ask(key);
        }

        @Override
        public void restarted(Container container) {
            restarts.restarted(container);
        }

        @Override
        public void forgotten(Container container, Optional<Container> heir) {
            restarts.forgotten(container, heir);
            oomKills.forgotten(container, heir);
            if (resolver != null) {
                resolver.withdraw(container.key().runtime(), container.key().id());
            }
        }
    }

    /**
     * Opens nothing yet.
     *
     * @param registry written by this collector alone
     * @param clients the runtimes to ask for names, in no particular order
     * @param takeEvents hands over the events that the kernel has for us; run between the look at the tree and the
     *     repair by what was seen, so that what comes and goes meanwhile is still told in its order
     */
    public ContainersCollector(
            ContainerRegistry registry, List<? extends RuntimeClient> clients, Config config, Runnable takeEvents) {
        this.registry = registry;
        this.clients = List.copyOf(clients);
        this.config = config;
        this.takeEvents = takeEvents;
        oomKills = new OomKills(registry);
        registry.listen(new Changes());
    }

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(
                ContainerMetrics.CONTAINER_INFO,
                ContainerMetrics.RESTARTS,
                AgentMetrics.CONTAINERS,
                ContainerMetrics.OOM_KILLS);
    }

    /** Finds what runs already, so that it is known before the first event. */
    @Override
    public void start(CollectorContext started) {
        context = started;
        clock = started.clock();
        resolver = MetadataResolver.start(clients, config.questions());
        for (Container container : registry.containers()) {
            if (container.metadata().isEmpty() && container.key().isKnownElsewhere()) {
                ask(container.key());
            }
        }
        walk();
    }

    private void ask(ContainerKey key) {
        if (resolver != null && !resolver.request(key.runtime(), key.id())) {
            registry.metadata(key, Optional.empty());
        }
    }

    /** A cgroup was made. Events of hierarchies that are not walked are passed over: nothing would repair their loss. */
    public void onCgroupCreated(CgroupRef ref, CgroupPath path) {
        if (tree == null || tree.covers(ref.hierarchy())) {
            registry.cgroupCreated(ref, path);
        }
    }

    /** A cgroup was removed. */
    public void onCgroupRemoved(CgroupRef ref) {
        registry.cgroupRemoved(ref);
    }

    /** The kernel killed a process of that cgroup for want of memory. */
    public void onOomKill(CgroupRef ref) {
        oomKills.killed(ref);
    }

    /** Why the cgroup tree cannot be walked, and what to do about it; empty if it can. */
    @Override
    public Optional<String> degraded() {
        return missingTree.isEmpty() ? Optional.empty() : Optional.of(missingTree);
    }

    /** What could not be kept, by reason; zeros included. */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(registry.drops());
        drops.put("oom_kills", oomKills.dropped());
        drops.put("runtime_questions", resolver == null ? 0L : resolver.dropped());
        return drops;
    }

    /**
     * Catches up with time, the tree and the runtimes.
     *
     * @throws CollectorUnavailableException if there is neither a cgroup file system nor any event
     */
    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        if (resolver != null) {
            resolver.drain(this::answered);
        }
        walkIfDue();
        registry.tick();
        if (tree == null && registry.containers().isEmpty()) {
            throw new CollectorUnavailableException(missingTree);
        }
        List<MetricTable> tables = new ArrayList<>(rows.tables(registry.containers(), restarts.byId()));
        tables.add(kills());
        return tables;
    }

    private void answered(ContainerRuntime runtime, String id, Optional<ContainerMetadata> metadata) {
        registry.metadata(new ContainerKey(runtime, id), metadata);
    }

    private void walkIfDue() {
        Instant now = clock.instant();
        Duration since = Duration.between(lastWalk, now);
        boolean searching = registry.hasUnresolved() && since.compareTo(config.searchInterval()) >= 0;
        // Negative: the clock was set back.
        boolean due = searching || since.compareTo(config.walkInterval()) >= 0 || since.isNegative();
        if (due) {
            walk();
        }
        oomKills.retry(false);
        if (tree != null) {
            observe(tree, due ? Instant.MIN : now.minus(SOON));
        }
    }

    private void walk() {
        lastWalk = clock.instant();
        if (tree == null) {
            openTree();
        }
        if (tree == null) {
            return;
        }
        List<CgroupRef> unknown = registry.unresolved();
        CgroupTree.Walk walk = tree.walk();
        takeEvents.run();
        registry.reconcile(walk.found(), walk.complete(), tree::exists);
        for (CgroupRef ref : unknown) {
            if (walk.complete().contains(ref.hierarchy()) || !tree.covers(ref.hierarchy())) {
                registry.cgroupNotFound(ref);
            }
        }
        oomKills.retry(true);
    }

    private void openTree() {
        if (context == null) {
            return;
        }
        try {
            tree = CgroupTree.open(context.cgroupRoot(), context.procRoot());
            missingTree = "";
        } catch (CgroupfsUnavailableException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(missingTree)) {
                LOG.warn("Containers that run already are not found: {}", reason);
            }
            missingTree = reason;
        }
    }

    /** Units without a process, such as mounts, are left alone until something runs in them. */
    private void observe(CgroupTree from, Instant since) {
        for (Container container : registry.containers()) {
            if (!container.observed() && !container.startedAt().isBefore(since)) {
                container.cgroups().entrySet().stream()
                        .filter(entry -> !from.processes(entry.getKey(), entry.getValue())
                                .isEmpty())
                        .findFirst()
                        .ifPresent(entry -> registry.containerOf(entry.getKey()));
            }
        }
    }

    private MetricTable kills() {
        MetricTable.Builder table = MetricTable.builder(ContainerMetrics.OOM_KILLS);
        oomKills.byId().forEach((id, count) -> table.row(Labels.of(id.value())).set(0, count));
        return table.build();
    }

    @Override
    public void close() {
        if (resolver != null) {
            resolver.close();
            resolver = null;
        }
        tree = null;
    }
}
