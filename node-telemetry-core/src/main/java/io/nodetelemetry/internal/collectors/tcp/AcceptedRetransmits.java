package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.TcpMetrics;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpListener;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Retransmissions on accepted connections by the address that was listened on, as it was bound: one that was accepted by
 * a wildcard came to one of its addresses, so the count cannot stand at each of them. Series do not fall while a
 * container of that name lives: what a listener that is gone had stays, by address as long as there is room, else in
 * {@code ~other}. For the agent's thread.
 */
final class AcceptedRetransmits {
    private final int capacity;
    private final Map<TcpListener, Row> rows = new HashMap<>();
    private final Map<Key, Series> all = new HashMap<>();
    private int round;

    /** The address is null for {@code ~other}. */
    private record Key(ContainerId container, @Nullable SocketAddress address) {}

    private static final class Series {
        final Labels labels;
        long inherited;
        long sum;
        boolean live;

        Series(Key key) {
            SocketAddress address = key.address();
            labels = Labels.of(key.container().value(), address == null ? ConnectionSeries.OTHER : address.toString());
        }
    }

    private static final class Row {
        @Nullable
        Key key;

        long segments;
        int round;
    }

    /**
     * None counted.
     *
     * @param capacity series that are kept
     */
    AcceptedRetransmits(int capacity) {
        this.capacity = capacity;
    }

    /** Before the listeners are read again. */
    void begin() {
        round++;
        for (Series series : all.values()) {
            series.sum = series.inherited;
            series.live = false;
        }
    }

    /**
     * What the kernel has of a listener.
     *
     * @param id empty if its container is not reported
     * @param segments sent again so far
     */
    void add(TcpListener listener, Optional<ContainerId> id, long segments) {
        Row row = rows.get(listener);
        if (row == null) {
            if (segments == 0) {
                return;
            }
            row = new Row();
            rows.put(listener, row);
        }
        // Who has no name any more, while another bears it, counts on for that one.
        Key key = id.isPresent() ? new Key(id.get(), listener.address()) : row.key;
        row.key = key;
        row.round = round;
        row.segments = segments;
        if (key != null) {
            Series series = all.computeIfAbsent(key, Series::new);
            series.sum += segments;
            series.live = true;
        }
    }

    /** All listeners were added: those that were not are gone. */
    void settle() {
        for (Iterator<Row> each = rows.values().iterator(); each.hasNext(); ) {
            Row row = each.next();
            if (row.round != round) {
                each.remove();
                if (row.key != null) {
                    inherit(row.key, row.segments);
                }
            }
        }
        if (all.size() > capacity) {
            joinPast();
        }
    }

    private void inherit(Key key, long segments) {
        Series series = all.computeIfAbsent(key, Series::new);
        series.inherited += segments;
        series.sum += segments;
    }

    private void joinPast() {
        for (Key key :
                all.keySet().stream().filter(key -> key.address() != null).toList()) {
            Series series = all.get(key);
            if (series != null && !series.live) {
                all.remove(key);
                inherit(new Key(key.container(), null), series.inherited);
            }
        }
    }

    /** No container bears that name any more. */
    void forget(ContainerId container) {
        rows.values().removeIf(row -> row.key != null && row.key.container().equals(container));
        all.keySet().removeIf(key -> key.container().equals(container));
    }

    MetricTable table() {
        MetricTable.Builder table = MetricTable.builder(TcpMetrics.TCP_ACCEPTED_RETRANSMITS);
        for (Series series : all.values()) {
            if (series.sum > 0) {
                table.row(series.labels).set(0, series.sum);
            }
        }
        return table.build();
    }
}
