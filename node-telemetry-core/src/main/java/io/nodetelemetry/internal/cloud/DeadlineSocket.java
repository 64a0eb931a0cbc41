package io.nodetelemetry.internal.cloud;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A TCP connection that must be over at a given time, however slowly the other side writes: the deadline is for the whole,
 * not for each read. TLS laid over it reads through it, so the handshake has no more time either. Closing it from another
 * thread ends a wait at once.
 */
final class DeadlineSocket extends Socket {
    private final long deadlineNanos;

    /**
     * Connects to nobody yet.
     *
     * @param deadlineNanos as {@link System#nanoTime} counts
     */
    DeadlineSocket(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** Connects, or throws {@link SocketTimeoutException} at the deadline. */
    void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), leftMillis());
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                setSoTimeout(leftMillis());
                return in.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                setSoTimeout(leftMillis());
                return in.read(buffer, offset, length);
            }
        };
    }

    private int leftMillis() throws SocketTimeoutException {
        long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return Math.clamp(left, 1, Integer.MAX_VALUE);
    }
}
