package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.bpf.TcpCounters;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the kernel's rows, keyed by cgroup, into series by container, and decides which rows go. Series never fall: what
 * a removed row had is kept as long as a container of that name lives.
 *
 * <p>For the agent's thread.
 */
final class ConnectionLedger {
    private final ContainerRegistry registry;
    private final IdleRows idleRows;
    private final SeriesSet series;
    private final Map<TcpDestination, KernelRow> rows = new HashMap<>();
    private final Map<CgroupRef, KernelRow> overflowRows = new HashMap<>();
    private final List<Orphan> orphans = new ArrayList<>();
    private int round;
    /** Rows that no pass found open connections in have 0. */
    private int pass = 1;

    private record Orphan(CgroupRef cgroup, @Nullable TcpDestination destination, ConnectionSeries series) {}

    /**
     * An empty ledger.
     *
     * @param capacity rows that fit in the kernel's map
     * @param perContainer destinations of one container; more are joined in {@code ~other}. The kernel gives as many rows
     *     to a cgroup
     * @param idleNanos how long a row must have been idle to be removed for want of room
     */
    ConnectionLedger(ContainerRegistry registry, int capacity, int perContainer, long idleNanos) {
        this.registry = registry;
        idleRows = new IdleRows(capacity, perContainer, idleNanos);
        series = new SeriesSet(perContainer, capacity);
    }

    /** Reads all rows and sums them up. */
    void read(TcpCounters counters) throws IOException {
        readRows(counters);
        settle(false);
    }

    /** The same, and then what the open connections have carried so far. */
    void readAll(TcpCounters counters) throws IOException {
        readRows(counters);
        pass++;
        series.all().forEach(ConnectionSeries::beginPass);
        // A row that is not there yet was made a moment ago: the next pass finds both.
        counters.readOpen(
                (destination, traffic) -> addOpen(rows.get(destination), traffic),
                (cgroup, traffic) -> addOpen(overflowRows.get(cgroup), traffic));
        settle(true);
    }

    private void readRows(TcpCounters counters) throws IOException {
        round++;
        series.all().forEach(ConnectionSeries::begin);
        counters.readDestinations((destination, totals) -> update(
                rows.computeIfAbsent(destination, key -> new KernelRow()), destination.cgroup(), destination, totals));
        counters.readOverflow((cgroup, totals) ->
                update(overflowRows.computeIfAbsent(cgroup, key -> new KernelRow()), cgroup, null, totals));
        settleOrphans(counters);
        rows.values().removeIf(row -> row.round != round);
        overflowRows.values().removeIf(row -> row.round != round);
        series.removeUnneeded();
    }

    private void addOpen(@Nullable KernelRow row, TcpTraffic traffic) {
        if (row != null) {
            row.openPass = pass;
            if (row.series != null) {
                row.series.current().addOpen(traffic);
            }
        }
    }

    private void settle(boolean afterPass) {
        series.all().forEach(each -> each.settle(afterPass));
        series.bound();
    }

    private void update(KernelRow row, CgroupRef cgroup, @Nullable TcpDestination destination, TcpTotals totals) {
        row.round = round;
        row.totals = totals;
        Optional<Container> container = registry.containerOf(cgroup);
        if (container.isEmpty() && row.series != null) {
            orphans.add(new Orphan(cgroup, destination, row.series.current()));
        }
        row.container = container.orElse(null);
        ContainerId id = container.flatMap(Container::id).orElse(null);
        if (id == null) {
            row.series = null;
            return;
        }
        ConnectionSeries target = row.series == null ? null : row.series.current();
        if (target == null || !target.key().container().equals(id)) {
            target = series.of(ConnectionSeries.Key.of(id, destination));
        }
        row.series = target;
        target.add(row.corrected());
    }

    /**
     * Rows of cgroups that went long ago, while the container goes on in a newer one (a restarted service): the rows go,
     * their counts stay.
     */
    private void settleOrphans(TcpCounters counters) throws IOException {
        for (Orphan orphan : orphans) {
            Optional<TcpTotals> totals = orphan.destination() == null
                    ? counters.removeOverflow(orphan.cgroup())
                    : counters.remove(orphan.destination());
            totals.ifPresent(left -> series.of(orphan.series().key()).inheritNow(left));
            if (orphan.destination() == null) {
                overflowRows.remove(orphan.cgroup());
            } else {
                rows.remove(orphan.destination());
            }
        }
        orphans.clear();
    }

    /** Connections of that destination ended without the kernel's programs seeing it. */
    void missedClose(TcpDestination destination) {
        KernelRow row = rows.get(destination);
        if (row != null) {
            row.missedCloses++;
        }
    }

    /** A container is forgotten: its rows go, and their counts to the one that bears its name now. */
    void forget(Container container, Optional<Container> heir, TcpCounters counters) throws IOException {
        Optional<ContainerId> id = heir.flatMap(Container::id);
        for (Iterator<Map.Entry<TcpDestination, KernelRow>> all =
                        rows.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<TcpDestination, KernelRow> entry = all.next();
            if (entry.getValue().container == container) {
                all.remove();
                bequeath(counters.remove(entry.getKey()), entry.getValue(), id, entry.getKey());
            }
        }
        for (Iterator<Map.Entry<CgroupRef, KernelRow>> all =
                        overflowRows.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<CgroupRef, KernelRow> entry = all.next();
            if (entry.getValue().container == container) {
                all.remove();
                bequeath(counters.removeOverflow(entry.getKey()), entry.getValue(), id, null);
            }
        }
        if (id.isEmpty()) {
            container.id().ifPresent(series::remove);
        }
    }

    private void bequeath(
            Optional<TcpTotals> totals,
            KernelRow row,
            Optional<ContainerId> heir,
            @Nullable TcpDestination destination) {
        if (totals.isEmpty() || heir.isEmpty()) {
            return;
        }
        ConnectionSeries own = row.series == null ? null : row.series.current();
        // Where it is joined in ~other, it stays there.
        ConnectionSeries target = own != null && own.key().container().equals(heir.get())
                ? own
                : series.of(ConnectionSeries.Key.of(heir.get(), destination));
        target.inherit(totals.get());
    }

    /**
     * Makes room when the map gets full, or what a cgroup may have of it; to be called after {@link #readAll}. Rows that nobody reports go first, then those idle longest; what these had
     * counts on in {@code ~other}, so the container's totals stay exact. Rows with open connections stay.
     */
    void relieve(TcpCounters counters, long nowNanos) throws IOException {
        for (TcpDestination surplus : idleRows.surplus(rows, pass, nowNanos)) {
            KernelRow row = rows.remove(surplus);
            Optional<TcpTotals> totals = counters.remove(surplus);
            ConnectionSeries from = row == null || row.series == null ? null : row.series.current();
            if (from != null && totals.isPresent()) {
                from.inheritAdded(totals.get());
                if (!from.isLive()) {
                    series.join(from);
                }
            }
        }
    }

    /** Names whom connections reached, and whom connects that failed were for. */
    void visitPeers(Peers.Visitor visitor) {
        for (ConnectionSeries one : series.all()) {
            ConnectionSeries.Key key = one.key();
            if (key.actual() != null && one.isEstablished()) {
                visitor.peer(key.container(), key.actual(), one.sum().lastNanos());
            }
            if (key.destination() != null && one.sum().connects().failed() > 0) {
                visitor.peer(key.container(), key.destination(), one.sum().lastNanos());
            }
        }
    }

    /** The tables of this moment. */
    List<MetricTable> tables() {
        return ConnectionTables.of(series.all());
    }
}
