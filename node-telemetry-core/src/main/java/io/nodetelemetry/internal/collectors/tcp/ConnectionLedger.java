package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.bpf.TcpCounters;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** Rows are removed when the map is fuller than this, down to the second figure. */
    private static final double FULL = 0.8;

    private static final double RELIEVED = 0.7;

    private final ContainerRegistry registry;
    private final int capacity;
    private final long idleNanos;
    private final Map<TcpDestination, Row> rows = new HashMap<>();
    private final Map<CgroupRef, Row> overflowRows = new HashMap<>();
    private final Map<ConnectionSeries.Key, ConnectionSeries> series = new HashMap<>();
    private final List<Orphan> orphans = new ArrayList<>();
    private int round;

    private record Orphan(CgroupRef cgroup, @Nullable TcpDestination destination, ConnectionSeries series) {}

    /** A row of the kernel, and whose it was found to be. */
    private static final class Row {
        TcpTotals totals = TcpTotals.NONE;
        long missedCloses;
        int round;

        @Nullable
        Container container;

        @Nullable
        ConnectionSeries series;

        TcpTotals corrected() {
            return missedCloses == 0 ? totals : totals.withActive(totals.active() - missedCloses);
        }
    }

    /**
     * An empty ledger.
     *
     * @param capacity rows that fit in the kernel's map
     * @param idleNanos how long a row must have been idle to be removed for want of room
     */
    ConnectionLedger(ContainerRegistry registry, int capacity, long idleNanos) {
        this.registry = registry;
        this.capacity = capacity;
        this.idleNanos = idleNanos;
    }

    /** Reads all rows and sums them up. */
    void read(TcpCounters counters) throws IOException {
        round++;
        series.values().forEach(ConnectionSeries::begin);
        counters.readDestinations((destination, totals) ->
                update(rows.computeIfAbsent(destination, key -> new Row()), destination.cgroup(), destination, totals));
        counters.readOverflow((cgroup, totals) ->
                update(overflowRows.computeIfAbsent(cgroup, key -> new Row()), cgroup, null, totals));
        settleOrphans(counters);
        rows.values().removeIf(row -> row.round != round);
        overflowRows.values().removeIf(row -> row.round != round);
        series.values().removeIf(candidate -> !candidate.isNeeded());
        boundInherited();
    }

    /**
     * A container that lives long, under a name that was borne before, inherits a series per destination that any of its
     * forerunners had. Beyond the capacity these are joined in {@code ~other}.
     */
    private void boundInherited() {
        if (series.size() <= capacity) {
            return;
        }
        List<ConnectionSeries> withoutRow = series.values().stream()
                .filter(candidate -> !candidate.isLive() && candidate.key().destination() != null)
                .sorted(Comparator.comparingLong(candidate -> candidate.sum().lastNanos()))
                .limit(series.size() - (int) (capacity * RELIEVED))
                .toList();
        for (ConnectionSeries joined : withoutRow) {
            series.remove(joined.key());
            ConnectionSeries other =
                    seriesOf(ConnectionSeries.Key.of(joined.key().container(), null));
            other.inherit(joined.sum());
            other.add(joined.sum());
        }
    }

    private void update(Row row, CgroupRef cgroup, @Nullable TcpDestination destination, TcpTotals totals) {
        row.round = round;
        row.totals = totals;
        Optional<Container> container = registry.containerOf(cgroup);
        if (container.isEmpty() && row.series != null) {
            orphans.add(new Orphan(cgroup, destination, row.series));
        }
        row.container = container.orElse(null);
        ContainerId id = container.flatMap(Container::id).orElse(null);
        if (id == null) {
            row.series = null;
            return;
        }
        ConnectionSeries target = row.series;
        if (target == null || !target.key().container().equals(id)) {
            target = seriesOf(ConnectionSeries.Key.of(id, destination));
            row.series = target;
        }
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
            totals.ifPresent(left -> {
                ConnectionSeries heir = seriesOf(orphan.series().key());
                heir.inherit(left);
                heir.add(left);
            });
            if (orphan.destination() == null) {
                overflowRows.remove(orphan.cgroup());
            } else {
                rows.remove(orphan.destination());
            }
        }
        orphans.clear();
    }

    private ConnectionSeries seriesOf(ConnectionSeries.Key key) {
        return series.computeIfAbsent(key, ConnectionSeries::new);
    }

    /** Connections of that destination ended without the kernel's programs seeing it. */
    void missedClose(TcpDestination destination) {
        Row row = rows.get(destination);
        if (row != null) {
            row.missedCloses++;
        }
    }

    /** A container is forgotten: its rows go, and their counts to the one that bears its name now. */
    void forget(Container container, Optional<Container> heir, TcpCounters counters) throws IOException {
        Optional<ContainerId> id = heir.flatMap(Container::id);
        for (Iterator<Map.Entry<TcpDestination, Row>> all = rows.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TcpDestination, Row> entry = all.next();
            if (entry.getValue().container == container) {
                all.remove();
                TcpDestination destination = entry.getKey();
                bequeath(counters.remove(destination), id, new Destination(destination));
            }
        }
        for (Iterator<Map.Entry<CgroupRef, Row>> all = overflowRows.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<CgroupRef, Row> entry = all.next();
            if (entry.getValue().container == container) {
                all.remove();
                bequeath(counters.removeOverflow(entry.getKey()), id, new Destination(null));
            }
        }
        if (id.isEmpty()) {
            container
                    .id()
                    .ifPresent(gone ->
                            series.keySet().removeIf(key -> key.container().equals(gone)));
        }
    }

    private record Destination(@Nullable TcpDestination value) {
        ConnectionSeries.Key of(ContainerId container) {
            return ConnectionSeries.Key.of(container, value);
        }
    }

    private void bequeath(Optional<TcpTotals> totals, Optional<ContainerId> heir, Destination destination) {
        if (totals.isPresent() && heir.isPresent()) {
            seriesOf(destination.of(heir.get())).inherit(totals.get());
        }
    }

    /**
     * Makes room when the map gets full. Rows that nobody reports go first, then those idle longest; what these had
     * counts on in {@code ~other}, so the container's totals stay exact. Rows with open connections stay.
     */
    void relieve(TcpCounters counters, long nowNanos) throws IOException {
        if (rows.size() <= capacity * FULL) {
            return;
        }
        List<Map.Entry<TcpDestination, Row>> idle = new ArrayList<>();
        for (Map.Entry<TcpDestination, Row> entry : rows.entrySet()) {
            TcpTotals totals = entry.getValue().corrected();
            if (totals.active() <= 0 && nowNanos - totals.lastNanos() > idleNanos) {
                idle.add(entry);
            }
        }
        idle.sort(Comparator.<Map.Entry<TcpDestination, Row>>comparingInt(
                        entry -> entry.getValue().series == null ? 0 : 1)
                .thenComparingLong(entry -> entry.getValue().totals.lastNanos()));
        int surplus = rows.size() - (int) (capacity * RELIEVED);
        for (Map.Entry<TcpDestination, Row> entry : idle.subList(0, Math.min(surplus, idle.size()))) {
            ConnectionSeries from = entry.getValue().series;
            Optional<TcpTotals> totals = counters.remove(entry.getKey());
            rows.remove(entry.getKey());
            bequeath(
                    totals,
                    from == null ? Optional.empty() : Optional.of(from.key().container()),
                    new Destination(null));
        }
    }

    /** The tables of this moment. */
    List<MetricTable> tables() {
        return ConnectionTables.of(series.values());
    }
}
