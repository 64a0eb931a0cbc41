package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.IcmpSocket;
import io.nodetelemetry.internal.ffm.IcmpTransfer;
import io.nodetelemetry.internal.source.NetworkNamespaceDoor;
import io.nodetelemetry.internal.source.icmp.PacketStamp.Moment;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sends echo requests and takes the replies, in as many network namespaces at a time as are wanted. For one thread. */
public final class EchoSender implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Requests between two looks at the error queue, whose room is that of some hundred packets. */
    private static final int BATCH = 16;
    /** Packets of others that are taken at a time, per socket. */
    private static final int MAX_PACKETS = 4_096;

    private final IcmpTransfer transfer;
    private final RandomGenerator random;

    /**
     * Opens no socket yet.
     *
     * @param maxRounds how many can be waited for at a time
     * @param random for what our requests are known by
     */
    public EchoSender(int maxRounds, RandomGenerator random) {
        transfer = new IcmpTransfer(maxRounds * IcmpSocket.Family.values().length);
        this.random = random;
    }

    /**
     * Opens a round; nothing is sent yet.
     *
     * @param namespace {@code /proc/<pid>/ns/net}, or what {@code ip netns} left below {@code /run/netns}
     * @param targets each once, 65 536 at most
     * @throws EchoException if the namespace cannot be entered, or has no socket for us
     */
    public EchoRound open(Path namespace, List<InetAddress> targets) throws EchoException {
        EchoRound round = new EchoRound(targets, random.nextInt(1 << Short.SIZE), random.nextLong());
        try {
            return new NetworkNamespaceDoor(namespace).open(round::open);
        } catch (IOException e) {
            throw new EchoException(e);
        }
    }

    /** Sends all requests of a round. What cannot be sent is noted and leaves the others alone. */
    public void send(EchoRound round) throws IOException {
        round.started(System.nanoTime());
        for (int target = 0; target < round.targets().size(); target++) {
            IcmpSocket socket = round.socketFor(target);
            if (socket == null) {
                round.refused(target);
                continue;
            }
            send(round, target, socket);
            if (target % BATCH == BATCH - 1) {
                receive(round);
            }
        }
    }

    private void send(EchoRound round, int target, IcmpSocket socket) {
        round.times().asked(target, unixNanos());
        try {
            transfer.send(
                    socket,
                    round.echo(target).request(socket.family()),
                    round.targets().get(target));
        } catch (ErrnoException e) {
            round.refused(target, e);
        }
    }

    /** Takes what has come; does not wait. */
    public void receive(EchoRound round) throws IOException {
        for (IcmpSocket socket : round.sockets()) {
            // Replies first: when one is there, so is all that the kernel says of its request.
            for (int i = 0; i < MAX_PACKETS && transfer.receive(socket); i++) {
                reply(round, socket);
            }
            for (int i = 0; i < MAX_PACKETS && transfer.receiveErrors(socket); i++) {
                PacketStamp stamp = PacketStamp.parse(transfer.control());
                Echo.ofRequest(socket.family(), transfer.data())
                        .flatMap(round::target)
                        .ifPresent(target -> round.times().passed(target, stamp));
            }
        }
        round.lookedAt(System.nanoTime());
    }

    private void reply(EchoRound round, IcmpSocket socket) {
        long now = unixNanos();
        PacketStamp stamp = PacketStamp.parse(transfer.control());
        if (stamp.moment() == Moment.RECEIVED) {
            Echo.ofReply(socket.family(), transfer.data())
                    .flatMap(round::target)
                    .ifPresent(target ->
                            round.times().answered(target, stamp.unixNanos().orElse(now)));
        }
    }

    /** Waits until something has come for one of the rounds, but not long for the time given. May return sooner. */
    public void await(Collection<EchoRound> rounds, long nanos) throws IOException {
        List<IcmpSocket> sockets = new ArrayList<>();
        rounds.forEach(round -> sockets.addAll(round.sockets()));
        transfer.await(sockets, nanos);
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    @Override
    public void close() {
        transfer.close();
    }
}
