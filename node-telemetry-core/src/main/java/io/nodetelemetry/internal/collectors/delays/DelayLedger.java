package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns sums by cgroup into totals by container. Totals never fall: what a cgroup had that is gone is kept with its
 * container, and with the next of that name after it.
 *
 * <p>For the agent's thread.
 */
final class DelayLedger {
    /** How long a cgroup must be gone and without tasks before its row goes, so that nothing of it is on its way. */
    private static final Duration QUIET = RisingTotal.SETTLING.multipliedBy(2);

    private final ContainerRegistry registry;
    private final Map<CgroupRef, Row> rows = new HashMap<>();
    private final Map<Container, Delays> kept = new HashMap<>();
    private long jumps;

    /** @param blockNanos 0 where the kernel does not account it */
    record Delays(long runNanos, long blockNanos) {
        Delays plus(Delays other) {
            return new Delays(runNanos + other.runNanos, blockNanos + other.blockNanos);
        }
    }

    /** A cgroup, and whose it was found to be. */
    private static final class Row {
        final RisingTotal run;
        final RisingTotal block;
        TaskDelays sum;
        long busyNanos;

        @Nullable
        Container container;

        Row(TaskDelays sum, long nowNanos) {
            this.sum = sum;
            run = new RisingTotal(sum.runNanos(), sum.living(), sum.ended(), nowNanos);
            block = new RisingTotal(sum.blockNanos(), sum.living(), sum.ended(), nowNanos);
            busyNanos = nowNanos;
        }

        int update(TaskDelays next, long nowNanos) {
            sum = next;
            int impossible = run.update(next.runNanos(), next.living(), next.ended(), nowNanos) ? 0 : 1;
            return impossible + (block.update(next.blockNanos(), next.living(), next.ended(), nowNanos) ? 0 : 1);
        }

        Delays shown() {
            return new Delays(run.shown(), block.shown());
        }
    }

    DelayLedger(ContainerRegistry registry) {
        this.registry = registry;
    }

    /** Reads all sums, and lets go of cgroups that are over. */
    void read(DelaySource source, long nowNanos) throws IOException {
        Map<CgroupRef, TaskDelays> sums = source.read();
        sums.forEach((cgroup, sum) -> rows.computeIfAbsent(cgroup, key -> new Row(sum, nowNanos)));
        Map<CgroupRef, Row> over = new LinkedHashMap<>();
        rows.forEach((cgroup, row) -> {
            jumps += row.update(sums.getOrDefault(cgroup, TaskDelays.NONE), nowNanos);
            registry.containerOf(cgroup).ifPresent(container -> row.container = container);
            if (row.sum.living() > 0 || registry.isLive(cgroup)) {
                row.busyNanos = nowNanos;
            } else if (nowNanos - row.busyNanos >= QUIET.toNanos()) {
                over.put(cgroup, row);
            }
        });
        for (Map.Entry<CgroupRef, Row> entry : over.entrySet()) {
            remove(entry.getKey(), entry.getValue(), Optional.ofNullable(entry.getValue().container), source, nowNanos);
        }
    }

    /** The row goes; what it showed stays with its heir. */
    private void remove(CgroupRef cgroup, Row row, Optional<Container> heir, DelaySource source, long nowNanos)
            throws IOException {
        Optional<TaskDelays> last = source.remove(cgroup);
        if (last.isPresent()) {
            jumps += row.update(last.get(), nowNanos);
        }
        rows.remove(cgroup);
        heir.ifPresent(container -> kept.merge(container, row.shown(), Delays::plus));
    }

    /** What a container had that goes is carried on by the next of its name. */
    void forget(Container container, Optional<Container> heir, DelaySource source, long nowNanos) throws IOException {
        Map<CgroupRef, Row> its = new LinkedHashMap<>();
        rows.forEach((cgroup, row) -> {
            if (row.container == container) {
                its.put(cgroup, row);
            }
        });
        Delays before = kept.remove(container);
        if (before != null && heir.isPresent()) {
            kept.merge(heir.get(), before, Delays::plus);
        }
        for (Map.Entry<CgroupRef, Row> entry : its.entrySet()) {
            remove(entry.getKey(), entry.getValue(), heir, source, nowNanos);
        }
    }

    /** The source began anew, and so do its sums: what was shown is kept. */
    void sourceClosed() {
        rows.values().forEach(row -> {
            if (row.container != null) {
                kept.merge(row.container, row.shown(), Delays::plus);
            }
        });
        rows.clear();
    }

    /** Totals by the id that is reported; containers without one are left out. */
    Map<ContainerId, Delays> byId() {
        Map<ContainerId, Delays> totals = new LinkedHashMap<>();
        kept.forEach((container, delays) -> add(totals, container, delays));
        for (Row row : rows.values()) {
            if (row.container != null) {
                add(totals, row.container, row.shown());
            }
        }
        return totals;
    }

    private static void add(Map<ContainerId, Delays> totals, Container container, Delays delays) {
        container.id().ifPresent(id -> totals.merge(id, delays, Delays::plus));
    }

    /** Sums that grew by more than their tasks can have waited; that growth is not shown. */
    long jumps() {
        return jumps;
    }
}
