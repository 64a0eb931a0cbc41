package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** What carries datagrams to the kernel and back; tests put their own kernel here. */
interface NetlinkTransport extends AutoCloseable {
    void send(ByteBuffer message) throws ErrnoException;

    /** Empty if nothing came in time; the buffer is valid until the next call. See {@link NetlinkChannel#receive}. */
    Optional<ByteBuffer> receive(Duration timeout) throws ErrnoException, NetlinkException;

    /** Returns when there is something to receive, or the time is over; see {@link NetlinkChannel#await}. */
    void await(Duration timeout) throws ErrnoException;

    @Override
    void close();
}
