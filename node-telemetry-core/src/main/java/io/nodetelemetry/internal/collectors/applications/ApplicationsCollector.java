package io.nodetelemetry.internal.collectors.applications;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.ContainerMetrics;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What runs in each container that is reported and has not ended: one row per type of application. */
public final class ApplicationsCollector implements Collector, ContainerListener {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A container with its own systemd has hundreds. */
    private static final int MAX_CGROUPS = 64;

    private final ContainerRegistry registry;
    private final LongSupplier nanoTime;
    private final Map<Container, WatchedContainer> watched = new HashMap<>();
    private Map<Row, Labels> labels = Map.of();
    private @Nullable CgroupTree tree;
    private @Nullable ProcessReader reader;
    private long processesDropped;

    private record Row(ContainerId container, String type) {}

    /**
     * Opens nothing yet.
     *
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ApplicationsCollector(ContainerRegistry registry, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
        registry.listen(this);
    }

    @Override
    public String name() {
        return "applications";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(ContainerMetrics.APPLICATION_TYPE);
    }

    @Override
    public void start(CollectorContext context) throws CollectorUnavailableException {
        try {
            tree = CgroupTree.open(context.cgroupRoot(), context.procRoot());
        } catch (CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
        }
        reader = new ProcessReader(context.procRoot(), PATIENCE);
    }

    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        CgroupTree from = tree;
        ProcessReader looks = reader;
        if (from == null || looks == null) {
            throw new CollectorUnavailableException("not started");
        }
        looks.drain();
        long now = nanoTime.getAsLong();
        Map<ContainerId, Set<String>> types = new LinkedHashMap<>();
        for (Container container : registry.containers()) {
            if (container.id().isEmpty() || container.endedAt().isPresent()) {
                watched.remove(container);
                continue;
            }
            WatchedContainer its = watched.computeIfAbsent(container, key -> new WatchedContainer(now));
            if (its.isDue(now)) {
                processesDropped += its.update(processes(from, container), looks, now);
            }
            its.addTypesTo(types.computeIfAbsent(container.id().get(), key -> new TreeSet<>()));
        }
        return List.of(table(types));
    }

    /** A process is in one cgroup of each hierarchy, but for hierarchies that its runtime does not use. */
    private static List<Integer> processes(CgroupTree from, Container container) {
        List<Integer> pids = new ArrayList<>();
        int hierarchy = -1;
        int asked = 0;
        for (Map.Entry<CgroupRef, CgroupPath> cgroup : container.cgroups().entrySet()) {
            boolean wanted = pids.isEmpty() || cgroup.getKey().hierarchy() == hierarchy;
            if (wanted && asked < MAX_CGROUPS) {
                asked++;
                hierarchy = cgroup.getKey().hierarchy();
                pids.addAll(from.processes(cgroup.getKey(), cgroup.getValue()));
            }
        }
        return pids;
    }

    private MetricTable table(Map<ContainerId, Set<String>> types) {
        Map<Row, Labels> current = new HashMap<>();
        MetricTable.Builder table = MetricTable.builder(ContainerMetrics.APPLICATION_TYPE);
        types.forEach((id, all) -> {
            for (String type : all) {
                Row row = new Row(id, type);
                Labels known = labels.get(row);
                Labels its = known == null ? Labels.of(type, id.value()) : known;
                current.put(row, its);
                table.row(its).set(0, 1L);
            }
        });
        labels = current;
        return table.build();
    }

    @Override
    public void restarted(Container container) {
        WatchedContainer its = watched.get(container);
        if (its != null) {
            its.restart(nanoTime.getAsLong());
        }
    }

    @Override
    public void forgotten(Container container, Optional<Container> heir) {
        watched.remove(container);
    }

    /** What was not looked at, by reason; zeros included. */
    public Map<String, Long> drops() {
        ProcessReader looks = reader;
        return Map.of(
                "processes", processesDropped,
                "looks", looks == null ? 0L : looks.dropped(),
                "overdue_looks", looks == null ? 0L : looks.overdue());
    }

    @Override
    public void close() {
        ProcessReader open = reader;
        reader = null;
        tree = null;
        watched.clear();
        if (open != null) {
            open.close();
        }
    }
}
