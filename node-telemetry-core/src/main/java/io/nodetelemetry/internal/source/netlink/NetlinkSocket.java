package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.NetlinkChannel;
import io.nodetelemetry.internal.source.NetworkNamespaceDoor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Requests over netlink and their answers. It stays in the network namespace in which it was opened. One thread at a time
 * may use it; who opened it closes it. Late answers to a request that failed are passed over; a dump that failed in the
 * middle goes on in the kernel, which refuses another one meanwhile, so close the socket after that.
 */
final class NetlinkSocket implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int DUMP_ATTEMPTS = 3;
    /** More than any machine has of anything that is listed here; ends a dump that would not end. */
    private static final int MAX_MESSAGES = 1 << 17;

    private final NetlinkTransport transport;
    private final Duration timeout;
    private int sequence;

    NetlinkSocket(NetlinkTransport transport, Duration timeout) {
        this.transport = transport;
        this.timeout = timeout;
    }

    /**
     * Opens a socket in the host's network namespace: that of PID 1, or our own where PID 1 may not be asked.
     *
     * @param protocol of the constants of {@link NetlinkChannel}
     * @param procRoot usually {@code /proc}
     */
    static NetlinkSocket openOnHost(int protocol, Path procRoot) throws IOException {
        return of(NetworkNamespaceDoor.host(procRoot).open(() -> NetlinkChannel.open(protocol)));
    }

    /** The same, with room for that many bytes of messages that come unasked. */
    static NetlinkSocket openOnHost(int protocol, Path procRoot, int receiveBufferBytes) throws IOException {
        NetlinkChannel channel = NetworkNamespaceDoor.host(procRoot).open(() -> NetlinkChannel.open(protocol));
        try {
            channel.receiveBuffer(receiveBufferBytes);
            return of(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Opens a socket in another network namespace; needs CAP_SYS_ADMIN unless it is our own.
     *
     * @param namespace {@code /proc/<pid>/ns/net}, or what {@code ip netns} left below {@code /run/netns}
     */
    static NetlinkSocket openIn(int protocol, Path namespace) throws IOException {
        return of(new NetworkNamespaceDoor(namespace).open(() -> NetlinkChannel.open(protocol)));
    }

    private static NetlinkSocket of(NetlinkChannel channel) {
        return new NetlinkSocket(new KernelTransport(channel), TIMEOUT);
    }

    /** Sends a request that has one answer. */
    <T> T ask(NetlinkRequest request, NetlinkMessage.Parser<T> parser) throws IOException {
        int asked = send(request, 0);
        while (true) {
            for (NetlinkMessage message : receive(request)) {
                if (message.sequence() == asked) {
                    throwIfRefused(request, message);
                    return parser.parse(message);
                }
            }
        }
    }

    /** Sends a request that is answered by nothing but whether it was done. */
    void command(NetlinkRequest request) throws IOException {
        int asked = send(request, NetlinkMessage.FLAG_ACK);
        while (true) {
            for (NetlinkMessage message : receive(request)) {
                if (message.sequence() == asked && message.type() == NetlinkMessage.ERROR) {
                    throwIfRefused(request, message);
                    return;
                }
            }
        }
    }

    /**
     * Sends a request for everything of a kind. Asked again where the kernel says that the list changed while it was read.
     *
     * @param parser reads one entry; empty for one that is to be left out
     */
    <T> List<T> dump(NetlinkRequest request, NetlinkMessage.Parser<Optional<T>> parser) throws IOException {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            List<T> found = new ArrayList<>();
            if (dumpOnce(request, parser, found::add, MAX_MESSAGES)) {
                return found;
            }
        }
        throw new NetlinkException.Inconsistent(request.name(), DUMP_ATTEMPTS);
    }

    /**
     * The same for what there may be millions of: each is handed on at once, and again if the kernel was asked again.
     *
     * @param consumer on the calling thread
     */
    <T> void dump(NetlinkRequest request, NetlinkMessage.Parser<Optional<T>> parser, Consumer<T> consumer)
            throws IOException {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            if (dumpOnce(request, parser, consumer, Integer.MAX_VALUE)) {
                return;
            }
        }
        throw new NetlinkException.Inconsistent(request.name(), DUMP_ATTEMPTS);
    }

    /** False if the list was interrupted. */
    private <T> boolean dumpOnce(
            NetlinkRequest request, NetlinkMessage.Parser<Optional<T>> parser, Consumer<T> consumer, int maxMessages)
            throws IOException {
        int asked = send(request, NetlinkMessage.FLAG_DUMP);
        boolean consistent = true;
        for (int received = 0; received < maxMessages; ) {
            for (NetlinkMessage message : receive(request)) {
                received++;
                if (message.sequence() != asked) {
                    continue;
                }
                throwIfRefused(request, message);
                consistent &= (message.flags() & NetlinkMessage.FLAG_DUMP_INTERRUPTED) == 0;
                if (message.type() == NetlinkMessage.DONE) {
                    return consistent;
                }
                if (message.type() > NetlinkMessage.OVERRUN) {
                    parser.parse(message).ifPresent(consumer);
                }
            }
        }
        throw new NetlinkException.Truncated(request.name(), "more than " + maxMessages + " messages");
    }

    /**
     * What the kernel sends without being asked, to a socket that subscribed.
     *
     * @param wait for the first; zero takes what is there
     * @return one datagram's worth; empty if nothing came
     * @throws NetlinkException.Overflow if messages were lost; the next call goes on after them
     */
    List<NetlinkMessage> events(Duration wait) throws IOException {
        Optional<ByteBuffer> datagram = transport.receive(wait);
        return datagram.isEmpty() ? List.of() : NetlinkMessage.split(datagram.get());
    }

    /** Waits for {@link #events}; one thread may while another one asks for them without waiting. */
    void awaitEvents(Duration wait) throws IOException {
        transport.await(wait);
    }

    private int send(NetlinkRequest request, int flags) throws IOException {
        // Zero is the sequence of what was not asked for.
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        transport.send(request.encoded(sequence, flags));
        return sequence;
    }

    private List<NetlinkMessage> receive(NetlinkRequest request) throws IOException {
        ByteBuffer datagram = transport
                .receive(timeout)
                .orElseThrow(() -> new NetlinkException.TimedOut(request.name(), timeout.toMillis()));
        return NetlinkMessage.split(datagram);
    }

    private static void throwIfRefused(NetlinkRequest request, NetlinkMessage message) throws NetlinkException {
        if (message.type() == NetlinkMessage.OVERRUN) {
            throw new NetlinkException.Overflow(request.name());
        }
        boolean tells = message.type() == NetlinkMessage.ERROR || message.type() == NetlinkMessage.DONE;
        int errno = tells ? message.errno() : 0;
        if (errno != 0) {
            throw new NetlinkException.Refused(request.name(), errno);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
