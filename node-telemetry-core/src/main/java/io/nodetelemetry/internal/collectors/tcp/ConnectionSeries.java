package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One destination of one container as it is reported: the sum of the kernel's rows that lead to it, of what rows that
 * are gone have left behind, and of what open connections have carried so far.
 *
 * <p>Rows are read at every turn, open connections only at some: a pass. In a pass rows come first, so a connection that
 * closes in between is in neither, and one that closed since the last pass is in its row alone. Bytes are therefore never
 * more than what was carried, and the greatest sum there was is what is shown.
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
                    ? other(container)
                    : new Key(container, destination.address(), destination.actual());
        }

        static Key other(ContainerId container) {
            return new Key(container, null, null);
        }

        boolean isOther() {
            return destination == null;
        }
    }

    private final Key key;
    private final Labels connections;
    private final String destination;
    private final RoundTrip roundTrip = new RoundTrip();
    private TcpTotals inherited = TcpTotals.NONE;
    private TcpTotals sum = TcpTotals.NONE;
    private TcpTraffic open = TcpTraffic.NONE;
    private long bytesSent;
    private long bytesReceived;
    private int rows;
    private boolean everEstablished;
    private @Nullable ConnectionSeries joined;

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
        rows = 0;
    }

    void add(TcpTotals row) {
        // As a rule a series has one row and no past, so nothing is made.
        sum = sum.equals(TcpTotals.NONE) ? row : sum.plus(row);
        rows++;
    }

    /** Before open connections are read again. */
    void beginPass() {
        open = TcpTraffic.NONE;
    }

    void addOpen(TcpTraffic row) {
        open = open.plus(row);
    }

    /**
     * All rows have been added.
     *
     * @param pass whether the open connections have been added too
     */
    void settle(boolean pass) {
        TcpTraffic closed = sum.traffic();
        everEstablished |= sum.connects().successful() > 0 || sum.active() > 0;
        bytesSent = Math.max(bytesSent, closed.bytesSent() + (pass ? open.bytesSent() : 0));
        bytesReceived = Math.max(bytesReceived, closed.bytesReceived() + (pass ? open.bytesReceived() : 0));
        roundTrip.update(closed, open, pass);
    }

    /** Keeps the counts of a row that is removed; its open connections are no longer anybody's. */
    void inherit(TcpTotals row) {
        inherited = inherited.plus(row.withActive(0));
    }

    /** The same for a row that was not added this time. */
    void inheritNow(TcpTotals row) {
        inherit(row);
        sum = sum.plus(row.withActive(0));
    }

    /** The same for a row that was added this time. */
    void inheritAdded(TcpTotals row) {
        inherit(row);
        rows--;
    }

    /** Takes over all that another one has, and the rows that feed it from now on. */
    void join(ConnectionSeries other) {
        inherited = inherited.plus(other.inherited);
        sum = sum.plus(other.sum);
        open = open.plus(other.open);
        bytesSent += other.bytesSent;
        bytesReceived += other.bytesReceived;
        rows += other.rows;
        everEstablished |= other.everEstablished;
        roundTrip.join(other.roundTrip);
        other.joined = this;
    }

    /** Itself, or what took it over. */
    ConnectionSeries current() {
        ConnectionSeries last = this;
        for (ConnectionSeries next = joined; next != null; next = next.joined) {
            last = next;
        }
        return last;
    }

    TcpTotals sum() {
        return sum;
    }

    /** Payload of closed and open connections; never falls. */
    long bytesSent() {
        return bytesSent;
    }

    /** Payload of closed and open connections; never falls. */
    long bytesReceived() {
        return bytesReceived;
    }

    /** Seconds; empty before the first connection whose round-trip time is known. */
    OptionalDouble roundTripSeconds() {
        return roundTrip.seconds();
    }

    /** Whether a row feeds it. */
    boolean isLive() {
        return rows > 0;
    }

    /** Whether the series is still fed by a row, or keeps what one left. */
    boolean isNeeded() {
        return rows > 0 || !inherited.equals(TcpTotals.NONE);
    }

    /** Whether a connection was ever established, be it before the agent: from then on it is reported. */
    boolean isEstablished() {
        return everEstablished;
    }
}
