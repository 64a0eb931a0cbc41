package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A real socket, with the two errors of receiving told apart from the rest. */
record KernelTransport(NetlinkChannel channel) implements NetlinkTransport {
    @Override
    public void send(ByteBuffer message) throws ErrnoException {
        channel.send(message);
    }

    @Override
    public Optional<ByteBuffer> receive(Duration timeout) throws ErrnoException, NetlinkException {
        try {
            return channel.receive(timeout);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOBUFS) {
                throw new NetlinkException.Overflow(e.call());
            }
            if (e.errno() == Errno.EMSGSIZE) {
                throw new NetlinkException.Truncated(e.call(), String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    @Override
    public void await(Duration timeout) throws ErrnoException {
        channel.await(timeout);
    }

    @Override
    public void close() {
        channel.close();
    }
}
