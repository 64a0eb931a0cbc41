package io.nodetelemetry.model;

/**
 * The two ends of a TCP connection as one place on its way sees them.
 *
 * @param source the end that called connect(2)
 * @param destination the other one
 */
public record TcpFlow(SocketAddress source, SocketAddress destination) {
    /** The direction of its answers. */
    public TcpFlow reversed() {
        SocketAddress from = destination;
        SocketAddress to = source;
        return new TcpFlow(from, to);
    }
}
