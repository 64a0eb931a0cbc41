package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A unix stream socket for one exchange that must be over at a given time, however slowly the other side writes: the
 * deadline is for the whole, not for each read. Interrupting the thread ends it at once.
 */
public final class DeadlineSocket implements Transport {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long deadlineNanos;
    private final Duration timeout;

    private DeadlineSocket(
            SocketChannel channel, Selector selector, SelectionKey key, long deadline, Duration timeout) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        deadlineNanos = deadline;
        this.timeout = timeout;
    }

    /**
     * Connects. The time runs from here.
     *
     * @throws IOException if nobody listens there, or so many wait already that the kernel takes no more
     */
    public static DeadlineSocket connect(Path socket, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Not blocking: a connect to a full backlog would wait without limit.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            Selector selector = Selector.open();
            try {
                SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
                DeadlineSocket connected = new DeadlineSocket(channel, selector, key, deadline, timeout);
                while (!channel.finishConnect()) {
                    connected.await(SelectionKey.OP_CONNECT);
                }
                return connected;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        while (true) {
            int count = channel.read(buffer);
            if (count != 0) {
                return count;
            }
            await(SelectionKey.OP_READ);
        }
    }

    private void await(int operation) throws IOException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw new IOException("no complete answer within " + timeout.toMillis() + " ms");
        }
        key.interestOps(operation);
        selector.select(Math.max(1, left / 1_000_000));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
