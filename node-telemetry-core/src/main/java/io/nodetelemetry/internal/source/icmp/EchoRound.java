package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.IcmpSocket;
import io.nodetelemetry.internal.ffm.IcmpSocket.Family;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One echo request to each of some targets, from one network namespace, and what became of them. Its sockets keep that
 * namespace alive until it is closed. For the thread of its {@link EchoSender}.
 */
public final class EchoRound implements AutoCloseable {
    /** As many as a sequence number can tell apart. */
    static final int MAX_TARGETS = 1 << 16;

    private final List<InetAddress> targets;
    private final int identifier;
    private final long token;
    private final Map<Family, IcmpSocket> sockets = new EnumMap<>(Family.class);
    private final Map<Family, ErrnoException> missing = new EnumMap<>(Family.class);
    private final Map<Integer, EchoRefusal> refusals = new HashMap<>();
    private final EchoTimes times;
    private long startNanos;
    private long durationNanos;

    /**
     * A round without sockets.
     *
     * @param targets 65 536 at most
     */
    EchoRound(List<InetAddress> targets, int identifier, long token) {
        if (targets.size() > MAX_TARGETS) {
            throw new IllegalArgumentException(
                    "targets of a round: at most " + MAX_TARGETS + ", not " + targets.size());
        }
        this.targets = List.copyOf(targets);
        this.identifier = identifier;
        this.token = token;
        times = new EchoTimes(targets.size());
    }

    static Family family(InetAddress target) {
        return target instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    }

    /**
     * Opens a socket per family in the network namespace of the calling thread.
     *
     * @throws ErrnoException if not one of them can be opened
     */
    EchoRound open() throws ErrnoException {
        Set<Family> families = EnumSet.noneOf(Family.class);
        targets.forEach(target -> families.add(family(target)));
        for (Family family : families) {
            try {
                sockets.put(family, IcmpSocket.open(family));
            } catch (ErrnoException e) {
                missing.put(family, e);
            }
        }
        if (sockets.isEmpty() && !missing.isEmpty()) {
            throw missing.values().iterator().next();
        }
        return this;
    }

    List<InetAddress> targets() {
        return targets;
    }

    List<IcmpSocket> sockets() {
        return new ArrayList<>(sockets.values());
    }

    Echo echo(int target) {
        return new Echo(identifier, target, token);
    }

    /** Which target an echo is about; empty if it is not of this round. */
    Optional<Integer> target(Echo echo) {
        boolean ours = echo.identifier() == identifier && echo.token() == token && echo.sequence() < targets.size();
        return ours ? Optional.of(echo.sequence()) : Optional.empty();
    }

    /** The socket for a target; null if there is none of its family. */
    @Nullable
    IcmpSocket socketFor(int target) {
        return sockets.get(family(targets.get(target)));
    }

    EchoTimes times() {
        return times;
    }

    void started(long nanoTime) {
        startNanos = nanoTime;
    }

    void lookedAt(long nanoTime) {
        durationNanos = nanoTime - startNanos;
    }

    void refused(int target, ErrnoException why) {
        times.refused(target);
        refusals.put(target, EchoRefusal.of(why));
    }

    /** No socket of its family could be opened. */
    void refused(int target) {
        ErrnoException why = missing.get(family(targets.get(target)));
        if (why != null) {
            refused(target, why);
        }
    }

    /** Whether there is nothing to wait for any more. */
    public boolean isComplete() {
        return times.answers() + refusals.size() >= targets.size();
    }

    /** Why a request was not sent; empty if it was. */
    public Optional<EchoRefusal> refusal(int target) {
        return Optional.ofNullable(refusals.get(target));
    }

    /** How long the reply took, in nanoseconds; empty if it has not come. */
    public OptionalLong roundTripNanos(int target) {
        return times.roundTripNanos(target, durationNanos);
    }

    /** Closes the sockets the first time and does nothing after that; what was measured stays. */
    @Override
    public void close() {
        sockets.values().forEach(IcmpSocket::close);
        sockets.clear();
    }
}
