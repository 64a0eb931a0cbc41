package io.nodetelemetry.model;

/**
 * How connects ended. {@code sk_err} of the socket tells failures apart.
 *
 * @param successful connections that were established
 * @param nanos nanoseconds from SYN to established, summed over the successful ones
 * @param refused connects that were answered by a reset (ECONNREFUSED)
 * @param timedOut connects that nobody answered (ETIMEDOUT)
 * @param unreachable connects that the network refused (EHOSTUNREACH, ENETUNREACH and their like)
 * @param reset connects that were reset after the peer had answered (ECONNRESET)
 * @param failedOtherwise connects that failed for any other reason
 * @param abandoned connects that the caller closed before an answer came; not failures
 */
public record TcpConnects(
        long successful,
        long nanos,
        long refused,
        long timedOut,
        long unreachable,
        long reset,
        long failedOtherwise,
        long abandoned) {

    /** None. */
    public static final TcpConnects NONE = new TcpConnects(0, 0, 0, 0, 0, 0, 0, 0);

    /** Established ones alone. */
    public static TcpConnects successful(long count, long nanos) {
        return new TcpConnects(count, nanos, 0, 0, 0, 0, 0, 0);
    }

    /** Failures of every kind; abandoned connects are none. */
    public long failed() {
        return refused + timedOut + unreachable + reset + failedOtherwise;
    }

    /** The sum of both. */
    public TcpConnects plus(TcpConnects other) {
        return new TcpConnects(
                successful + other.successful,
                nanos + other.nanos,
                refused + other.refused,
                timedOut + other.timedOut,
                unreachable + other.unreachable,
                reset + other.reset,
                failedOtherwise + other.failedOtherwise,
                abandoned + other.abandoned);
    }
}
