package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpTotals;
import org.jspecify.annotations.Nullable;

/**
 * One destination of one container as it is reported: the sum of the kernel's rows that lead to it, and of what rows
 * that are gone have left behind.
 */
final class ConnectionSeries {
    /** Stands for all destinations that have no row of their own. */
    static final String OTHER = "~other";

    /**
     * What a series is found by.
     *
     * @param destination null for {@link #OTHER}
     */
    record Key(ContainerId container, @Nullable SocketAddress destination) {}

    private final Key key;
    private final Labels connections;
    private final Labels attempts;
    private TcpTotals inherited = TcpTotals.NONE;
    private TcpTotals sum = TcpTotals.NONE;
    private boolean live;
    private boolean everEstablished;

    ConnectionSeries(Key key) {
        this.key = key;
        SocketAddress address = key.destination();
        String destination = address == null ? OTHER : address.toString();
        String container = key.container().value();
        connections = Labels.of(destination, container, destination);
        attempts = Labels.of(container, destination);
    }

    Key key() {
        return key;
    }

    /** {@code actual_destination, container_id, destination}. */
    Labels connections() {
        return connections;
    }

    /** {@code container_id, destination}. */
    Labels attempts() {
        return attempts;
    }

    /** Before the kernel's rows are read again. */
    void begin() {
        sum = inherited;
        live = false;
    }

    void add(TcpTotals row) {
        sum = sum.plus(row);
        live = true;
    }

    /** Keeps the counts of a row that is removed; its open connections are no longer anybody's. */
    void inherit(TcpTotals row) {
        inherited = inherited.plus(new TcpTotals(
                row.successful(),
                row.failed(),
                row.abandoned(),
                row.retransmits(),
                row.connectNanos(),
                0,
                row.lastNanos()));
    }

    TcpTotals sum() {
        return sum;
    }

    /** Whether a row feeds it. */
    boolean isLive() {
        return live;
    }

    /** Whether the series is still fed by a row, or keeps what one left. */
    boolean isNeeded() {
        return live || !inherited.equals(TcpTotals.NONE);
    }

    /** Whether a connection was ever established, be it before the agent: from then on it is reported. */
    boolean isEstablished() {
        everEstablished |= sum.successful() > 0 || sum.active() > 0;
        return everEstablished;
    }
}
