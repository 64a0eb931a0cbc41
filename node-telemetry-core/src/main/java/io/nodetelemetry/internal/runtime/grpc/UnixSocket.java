package io.nodetelemetry.internal.runtime.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A unix stream socket for libraries that know {@link Socket} alone; the JDK has none. It goes to its path, whatever
 * address it is told to connect to. One thread may read while another writes, and closing ends both.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final UnixDomainSocketAddress address;

    UnixSocket(Path path) throws IOException {
        super((SocketImpl) null);
        address = UnixDomainSocketAddress.of(path);
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    /** Connects; a timeout of 0 is none. */
    @Override
    public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
        // Not blocking: a connect to a full backlog would wait without limit.
        channel.configureBlocking(false);
        if (!channel.connect(address)) {
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_CONNECT);
                selector.select(timeoutMillis);
                if (!channel.finishConnect()) {
                    throw new SocketTimeoutException("no connection within " + timeoutMillis + " ms");
                }
            }
        }
        channel.configureBlocking(true);
    }

    @Override
    public InputStream getInputStream() {
        // Not Channels.newInputStream: its streams may lock each other out.
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public boolean isOutputShutdown() {
        return false;
    }

    /** Always none: whoever waits too long closes the socket. */
    @Override
    public int getSoTimeout() {
        return 0;
    }

    /** Ignored. */
    @Override
    public void setSoTimeout(int millis) {}

    /** Ignored: a unix socket delays nothing. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return address;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
