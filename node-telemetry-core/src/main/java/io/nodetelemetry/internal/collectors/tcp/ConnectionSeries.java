package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
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
     * @param destination the address dialled; null for {@link #OTHER}
     * @param actual the address reached; null for {@link #OTHER}
     */
    record Key(
            ContainerId container,
            @Nullable SocketAddress destination,
            @Nullable SocketAddress actual) {
        static Key of(ContainerId container, @Nullable TcpDestination destination) {
            return destination == null
                    ? new Key(container, null, null)
                    : new Key(container, destination.address(), destination.actual());
        }
    }

    private final Key key;
    private final Labels connections;
    private final String destination;
    private TcpTotals inherited = TcpTotals.NONE;
    private TcpTotals sum = TcpTotals.NONE;
    private boolean live;
    private boolean everEstablished;

    ConnectionSeries(Key key) {
        this.key = key;
        SocketAddress dialled = key.destination();
        SocketAddress actual = key.actual();
        destination = dialled == null ? OTHER : dialled.toString();
        String reached = actual == null || actual.equals(dialled) ? destination : actual.toString();
        connections = Labels.of(reached, key.container().value(), destination);
    }

    Key key() {
        return key;
    }

    /** {@code actual_destination, container_id, destination}. */
    Labels connections() {
        return connections;
    }

    /** The address dialled, or {@link #OTHER}. */
    String destination() {
        return destination;
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
        inherited = inherited.plus(row.withActive(0));
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
        everEstablished |= sum.connects().successful() > 0 || sum.active() > 0;
        return everEstablished;
    }
}
