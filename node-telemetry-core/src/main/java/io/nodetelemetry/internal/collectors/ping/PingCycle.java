package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.internal.source.icmp.EchoException;
import io.nodetelemetry.internal.source.icmp.EchoRefusal;
import io.nodetelemetry.internal.source.icmp.EchoRound;
import io.nodetelemetry.internal.source.icmp.EchoSender;
import io.nodetelemetry.internal.source.icmp.KernelTimestamps;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out plans: pass after pass, each task in its time, many under way at once, none of which is waited for alone. For
 * one thread, but for {@link #degraded()}.
 */
final class PingCycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PingCycle.class);
    /** At once; their sockets keep namespaces alive, and take descriptors. */
    private static final int MAX_ROUNDS = 128;
    /** How often it is looked whether there is somebody to ask. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /**
     * A pass takes one of these, unless there are many requests: while it lasts every packet that arrives on the machine is
     * stamped, which costs each of them the reading of a clock.
     */
    private static final int PARTS_OF_INTERVAL = 10;

    private final PingCollector.Config config;
    private final NamespaceFinder finder;
    private final Path procRoot;
    private final RoundTrips roundTrips;
    private final PingDrops drops;
    /** Not a secure source: the JDK would open /dev/random for it, in the host's process, for good. */
    private final EchoSender sender = new EchoSender(MAX_ROUNDS, new SplittableRandom());

    private final List<UnderWay> underWay = new ArrayList<>();
    private @Nullable KernelTimestamps timestamps;
    private PingPass pass;
    private long nextPassNanos;
    private @Nullable String refusal;
    private volatile @Nullable String shownRefusal;

    private record UnderWay(PingTask task, List<SocketAddress> targets, EchoRound round, long deadlineNanos) {}

    PingCycle(
            PingCollector.Config config,
            NamespaceFinder finder,
            Path procRoot,
            RoundTrips roundTrips,
            PingDrops drops,
            long nowNanos) {
        this.config = config;
        this.finder = finder;
        this.procRoot = procRoot;
        this.roundTrips = roundTrips;
        this.drops = drops;
        pass = new PingPass(List.of(), nowNanos, 0, config.maxPerSecond(), nowNanos);
        nextPassNanos = nowNanos;
    }

    /**
     * Does what is due, and does not wait.
     *
     * @param plan taken when a pass begins
     * @param nowNanos {@link System#nanoTime()}
     * @return when there is something to do again, unless an answer comes before
     */
    long step(PingPlan plan, long nowNanos) {
        if (pass.isOver() && nowNanos - nextPassNanos >= 0) {
            begin(plan, nowNanos);
        }
        while (!pass.isOver() && nowNanos - pass.nextNanos() >= 0 && underWay.size() < MAX_ROUNDS) {
            launch(pass.take(nowNanos), nowNanos);
        }
        underWay.removeIf(this::isOver);
        if (pass.isOver() && underWay.isEmpty()) {
            closeTimestamps();
        }
        // The first began first. While there is no room for another, its end is what comes next.
        long next = pass.isOver() ? nextPassNanos : pass.nextNanos();
        boolean endsNext = !underWay.isEmpty()
                && (underWay.size() == MAX_ROUNDS || underWay.getFirst().deadlineNanos() - next < 0);
        return endsNext ? underWay.getFirst().deadlineNanos() : next;
    }

    private void begin(PingPlan plan, long nowNanos) {
        // What the last pass met.
        shownRefusal = refusal;
        refusal = null;
        NamespaceFinder.Found found = finder.find(plan);
        // Those that have ended are no loss: there is nobody left to measure for.
        found.gone().forEach(this::missed);
        found.hidden().forEach(member -> {
            missed(member);
            drops.add(EchoRefusal.FORBIDDEN, member.targets().size());
            refuse("the network namespace of " + member.id().value() + " may not be looked up");
        });
        long start = timestampsFor(found.tasks(), nowNanos);
        pass = new PingPass(
                found.tasks(),
                start,
                config.interval().toNanos() / PARTS_OF_INTERVAL,
                config.maxPerSecond(),
                pass.allowedNanos());
        Duration length = plan.members().isEmpty() ? LOOK : config.interval();
        nextPassNanos = nowNanos + length.toNanos();
    }

    private void refuse(String why) {
        refusal = why;
        shownRefusal = why;
    }

    private void missed(PingPlan.Member member) {
        for (SocketAddress target : member.targets()) {
            roundTrips.update(new RoundTrips.Key(member.id(), target), OptionalLong.empty());
        }
    }

    /** Has replies stamped until the pass is over; returns when that works. */
    private long timestampsFor(List<PingTask> tasks, long nowNanos) {
        if (!tasks.isEmpty() && timestamps == null) {
            try {
                timestamps = KernelTimestamps.on();
                return nowNanos + KernelTimestamps.SETTLED.toNanos();
            } catch (IOException e) {
                LOG.debug("the first replies will be timed by our own clock", e);
            }
        }
        return nowNanos;
    }

    private void closeTimestamps() {
        if (timestamps != null) {
            timestamps.close();
            timestamps = null;
        }
    }

    private void launch(PingTask task, long nowNanos) {
        List<SocketAddress> targets = List.copyOf(task.targets().keySet());
        Optional<Path> door = door(task);
        if (door.isEmpty()) {
            // All of them have ended since the pass began.
            task.tellNone(roundTrips);
            return;
        }
        try {
            EchoRound round = sender.open(
                    door.get(),
                    targets.stream().map(SocketAddress::toInetAddress).toList());
            underWay.add(new UnderWay(
                    task, targets, round, nowNanos + config.timeout().toNanos()));
            sender.send(round);
        } catch (EchoException e) {
            LOG.debug("{} targets were not asked", targets.size(), e);
            drops.add(e.refusal(), targets.size());
            task.tellNone(roundTrips);
            if (e.refusal() == EchoRefusal.FORBIDDEN) {
                refuse(String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            // What can be told of it is told when the round is over.
            LOG.debug("a round begins badly", e);
        }
    }

    /** A process that still lies where it was found. */
    private Optional<Path> door(PingTask task) {
        for (int pid : task.processes()) {
            if (NetworkNamespace.of(procRoot, pid).equals(Optional.of(task.namespace()))) {
                return Optional.of(procRoot.resolve(pid + "/ns/net"));
            }
        }
        return Optional.empty();
    }

    /** Takes what came for a round; closes it when there is nothing to wait for any more. */
    private boolean isOver(UnderWay one) {
        try {
            sender.receive(one.round());
        } catch (IOException e) {
            LOG.debug("a round ends before its time", e);
            finish(one);
            return true;
        }
        if (one.round().isComplete() || System.nanoTime() - one.deadlineNanos() >= 0) {
            finish(one);
            return true;
        }
        return false;
    }

    private void finish(UnderWay one) {
        one.round().close();
        for (int i = 0; i < one.targets().size(); i++) {
            one.round().refusal(i).ifPresent(why -> drops.add(why, 1));
            one.task().tell(roundTrips, one.targets().get(i), one.round().roundTripNanos(i));
        }
    }

    /** Whether answers are awaited. */
    boolean isWaiting() {
        return !underWay.isEmpty();
    }

    /** Waits for an answer, but not long for the time given. */
    void await(long nanos) throws IOException {
        sender.await(underWay.stream().map(UnderWay::round).toList(), nanos);
    }

    /** Why some cannot be asked, in the last pass; empty if all could. For any thread. */
    Optional<String> degraded() {
        return Optional.ofNullable(shownRefusal)
                .map(why -> "Round-trip times of some containers are not measured: " + why
                        + "; give the agent CAP_SYS_ADMIN, CAP_SYS_PTRACE and CAP_NET_RAW");
    }

    @Override
    public void close() {
        underWay.forEach(one -> one.round().close());
        underWay.clear();
        closeTimestamps();
        sender.close();
    }
}
