package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.model.ContainerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All series of connections, of which there are so many per container and so many in all; the rest is {@code ~other}. */
final class SeriesSet {
    /** What is beyond a bound is joined down to this part of it, so that not each new one makes all be looked at. */
    private static final double RELIEVED = 0.9;

    /** Those that are in use last, and of the others the oldest first. */
    private static final Comparator<ConnectionSeries> LEAST_USED = Comparator.<ConnectionSeries>comparingInt(
                    series -> series.sum().active() > 0 ? 1 : 0)
            .thenComparingLong(series -> series.sum().lastNanos());

    private final int perContainer;
    private final int withoutRow;
    private final Map<ConnectionSeries.Key, ConnectionSeries> all = new HashMap<>();
    /** Series of each container beside {@code ~other}. */
    private final Map<ContainerId, Integer> counts = new HashMap<>();

    /**
     * An empty set.
     *
     * @param perContainer series of one container beside its {@code ~other}
     * @param withoutRow series, of all containers, when there are as many as that, of which some are kept that no row
     *     of the kernel feeds any more
     */
    SeriesSet(int perContainer, int withoutRow) {
        this.perContainer = perContainer;
        this.withoutRow = withoutRow;
    }

    Collection<ConnectionSeries> all() {
        return all.values();
    }

    ConnectionSeries of(ConnectionSeries.Key key) {
        ConnectionSeries series = all.get(key);
        if (series == null) {
            series = new ConnectionSeries(key);
            all.put(key, series);
            if (!key.isOther()) {
                counts.merge(key.container(), 1, Integer::sum);
            }
        }
        return series;
    }

    /** Those that have neither rows nor counts of rows that are gone. */
    void removeUnneeded() {
        for (Iterator<ConnectionSeries> each = all.values().iterator(); each.hasNext(); ) {
            ConnectionSeries series = each.next();
            if (!series.isNeeded()) {
                each.remove();
                uncount(series.key());
            }
        }
    }

    void remove(ContainerId container) {
        all.keySet().removeIf(key -> key.container().equals(container));
        counts.remove(container);
    }

    /** What the series has becomes part of its container's {@code ~other}, for good. */
    void join(ConnectionSeries series) {
        ContainerId container = series.key().container();
        if (!series.key().isOther() && all.remove(series.key(), series)) {
            uncount(series.key());
            of(ConnectionSeries.Key.other(container)).join(series);
        }
    }

    /** Joins what is beyond the bounds. */
    void bound() {
        List<ContainerId> beyond = counts.entrySet().stream()
                .filter(count -> count.getValue() > perContainer)
                .map(Map.Entry::getKey)
                .toList();
        for (ContainerId container : beyond) {
            List<ConnectionSeries> its = new ArrayList<>();
            for (ConnectionSeries series : all.values()) {
                if (series.key().container().equals(container) && !series.key().isOther()) {
                    its.add(series);
                }
            }
            joinAllBut(perContainer, its);
        }
        if (all.size() > withoutRow) {
            // A container that lives long, under a name that was borne before, inherits from all of its forerunners.
            List<ConnectionSeries> past = new ArrayList<>();
            for (ConnectionSeries series : all.values()) {
                if (!series.isLive() && !series.key().isOther()) {
                    past.add(series);
                }
            }
            joinAllBut(Math.max(0, withoutRow - (all.size() - past.size())), past);
        }
    }

    private void joinAllBut(int allowed, List<ConnectionSeries> candidates) {
        candidates.sort(LEAST_USED);
        int surplus = Math.max(0, candidates.size() - (int) (allowed * RELIEVED));
        candidates.subList(0, surplus).forEach(this::join);
    }

    private void uncount(ConnectionSeries.Key key) {
        if (!key.isOther()) {
            counts.computeIfPresent(key.container(), SeriesSet::less);
        }
    }

    private static @Nullable Integer less(ContainerId container, Integer count) {
        return count == 1 ? null : count - 1;
    }
}
