package io.nodetelemetry.model;

/**
 * What the kernel counted of a cgroup's connections to one destination since the agent was attached.
 *
 * @param successful connections that were established
 * @param failed connects that were refused, reset, unreachable or timed out
 * @param abandoned connects that the caller closed before an answer came
 * @param retransmits segments sent again
 * @param connectNanos nanoseconds from SYN to established, summed over the successful ones
 * @param active connections established now, those older than the agent included
 * @param lastNanos {@code CLOCK_MONOTONIC} of the last connect, close or retransmission
 */
public record TcpTotals(
        long successful,
        long failed,
        long abandoned,
        long retransmits,
        long connectNanos,
        long active,
        long lastNanos) {

    /** Nothing counted. */
    public static final TcpTotals NONE = new TcpTotals(0, 0, 0, 0, 0, 0, 0);

    /** The sum of both; the later of the two times. */
    public TcpTotals plus(TcpTotals other) {
        return new TcpTotals(
                successful + other.successful,
                failed + other.failed,
                abandoned + other.abandoned,
                retransmits + other.retransmits,
                connectNanos + other.connectNanos,
                active + other.active,
                Math.max(lastNanos, other.lastNanos));
    }
}
