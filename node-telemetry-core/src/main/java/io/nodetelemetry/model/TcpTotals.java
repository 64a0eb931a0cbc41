package io.nodetelemetry.model;

/**
 * What the kernel counted of a cgroup's connections to one destination since the agent was attached.
 *
 * @param connects how connects ended
 * @param traffic what connections carried that are over; retransmissions are counted at once
 * @param active connections established now, those older than the agent included
 * @param lastNanos {@code CLOCK_MONOTONIC} of the last connect, close or retransmission
 */
public record TcpTotals(TcpConnects connects, TcpTraffic traffic, long active, long lastNanos) {
    /** Nothing counted. */
    public static final TcpTotals NONE = new TcpTotals(TcpConnects.NONE, TcpTraffic.NONE, 0, 0);

    /** The sum of both; the later of the two times. */
    public TcpTotals plus(TcpTotals other) {
        return new TcpTotals(
                connects.plus(other.connects),
                traffic.plus(other.traffic),
                active + other.active,
                Math.max(lastNanos, other.lastNanos));
    }

    /** The same with another number of active connections. */
    public TcpTotals withActive(long connections) {
        return new TcpTotals(connects, traffic, connections, lastNanos);
    }
}
