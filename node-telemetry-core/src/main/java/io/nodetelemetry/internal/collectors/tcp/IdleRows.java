package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TcpDestination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses the rows that go from the kernel's map to make room: in the whole map, and among those that one cgroup may
 * have. Rows with open connections stay, and so do those that were in use a short time ago.
 */
final class IdleRows {
    /** Rows are removed when there are more than this part of what fits, down to the second figure. */
    private static final double FULL = 0.8;

    private static final double RELIEVED = 0.7;

    /** Rows that nobody reports first, then those idle longest. */
    private static final Comparator<Map.Entry<TcpDestination, KernelRow>> DISPENSABLE =
            Comparator.<Map.Entry<TcpDestination, KernelRow>>comparingInt(row -> row.getValue().series == null ? 0 : 1)
                    .thenComparingLong(row -> row.getValue().totals.lastNanos());

    private final int capacity;
    private final int perCgroup;
    private final long idleNanos;

    /**
     * Rules, and no rows.
     *
     * @param capacity rows that fit in the kernel's map
     * @param perCgroup rows that one cgroup may have there
     * @param idleNanos how long a row must have been idle to be removed for want of room
     */
    IdleRows(int capacity, int perCgroup, long idleNanos) {
        this.capacity = capacity;
        this.perCgroup = perCgroup;
        this.idleNanos = idleNanos;
    }

    /** What is to be removed now; as a rule nothing. */
    Set<TcpDestination> surplus(Map<TcpDestination, KernelRow> rows, int pass, long nowNanos) {
        Set<TcpDestination> chosen = new HashSet<>();
        if (rows.size() > perCgroup * FULL) {
            Map<CgroupRef, Integer> counts = new HashMap<>();
            rows.keySet().forEach(destination -> counts.merge(destination.cgroup(), 1, Integer::sum));
            counts.forEach((cgroup, count) -> {
                if (count > perCgroup * FULL) {
                    int surplus = count - (int) (perCgroup * RELIEVED);
                    choose(rows, destination -> destination.cgroup().equals(cgroup), surplus, pass, nowNanos, chosen);
                }
            });
        }
        if (rows.size() > capacity * FULL) {
            int surplus = rows.size() - (int) (capacity * RELIEVED);
            choose(rows, destination -> true, surplus, pass, nowNanos, chosen);
        }
        return chosen;
    }

    private void choose(
            Map<TcpDestination, KernelRow> rows,
            Predicate<TcpDestination> among,
            int surplus,
            int pass,
            long nowNanos,
            Set<TcpDestination> chosen) {
        List<Map.Entry<TcpDestination, KernelRow>> idle = new ArrayList<>();
        for (Map.Entry<TcpDestination, KernelRow> entry : rows.entrySet()) {
            if (among.test(entry.getKey()) && isIdle(entry.getValue(), pass, nowNanos)) {
                idle.add(entry);
            }
        }
        idle.sort(DISPENSABLE);
        idle.subList(0, Math.min(surplus, idle.size())).forEach(entry -> chosen.add(entry.getKey()));
    }

    private boolean isIdle(KernelRow row, int pass, long nowNanos) {
        // Who leaves a row that has open connections would lose what these carried.
        return row.corrected().active() <= 0 && row.openPass != pass && nowNanos - row.totals.lastNanos() > idleNanos;
    }
}
