package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.source.netlink.TaskAccounting;
import io.nodetelemetry.internal.source.netlink.TaskAccounting.Task;
import io.nodetelemetry.internal.source.netlink.TaskExits;
import io.nodetelemetry.internal.source.netlink.TaskStats;
import io.nodetelemetry.internal.source.procfs.PossibleCpus;
import io.nodetelemetry.internal.source.procfs.ProcessIds;
import io.nodetelemetry.internal.source.procfs.ProcessStat;
import io.nodetelemetry.internal.source.procfs.Uptime;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asked of the kernel process by process, by taskstats, where BPF cannot be used: costs a query per process. What
 * processes waited that ended since, the kernel says at their end, to a thread of its own. The cgroup of one that is
 * gone by then is taken to be its parent's. Before Linux 5.19 the kernel does not say which process a thread belonged
 * to; there, what a process waited that lived between two passes is lost, and counted.
 *
 * <p>Asks for whole processes only: kernels have been seen to panic when they are asked for a thread.
 */
public final class TaskStatsDelays implements DelaySource {
    private static final Logger LOG = LoggerFactory.getLogger(TaskStatsDelays.class);
    private static final int CAPACITY = 65_536;
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);
    private static final long NANOS_PER_TICK = Duration.ofSeconds(1).toNanos() / ProcessStat.TICKS_PER_SECOND;

    /** More messages than the kernel has room for, so that all are taken that were there when we began. */
    private static final int MESSAGES = 8_192;

    /** Guards all that follows against the listener, which only waits without it; the agent's thread alone uses the stats. */
    private final Object lock = new Object();

    private final InstantSource clock;
    private final Path procRoot;
    private final TaskStats stats;
    private final TaskExits exits;
    private final ProcessCgroups cgroups;
    private final ProcessDelays delays = new ProcessDelays(CAPACITY);
    private final Thread listener;
    private volatile boolean closed;
    private boolean blockDelays;
    private long unattributed;

    private TaskStatsDelays(CollectorContext context, TaskStats stats, TaskExits exits, ProcessCgroups cgroups) {
        clock = context.clock();
        procRoot = context.procRoot();
        this.stats = stats;
        this.exits = exits;
        this.cgroups = cgroups;
        listener = Thread.ofPlatform().name("nodetelemetry-delays").daemon().unstarted(this::listen);
    }

    /**
     * Opens two sockets and starts to listen.
     *
     * @throws CollectorUnavailableException if the kernel has no taskstats or refuses it
     */
    public static DelaySource open(CollectorContext context) throws CollectorUnavailableException {
        TaskStatsDelays opened = unstarted(context);
        opened.start();
        return opened;
    }

    /** Opens the sockets only: who ended is heard of when it is read. */
    static TaskStatsDelays unstarted(CollectorContext context) throws CollectorUnavailableException {
        Path proc = context.procRoot();
        try {
            ProcessCgroups cgroups = new ProcessCgroups(proc, CgroupTree.open(context.cgroupRoot(), proc));
            String cpus = PossibleCpus.list(context.sysRoot());
            TaskStats stats = TaskStats.open(proc);
            try {
                // By now we know whether we may: the kernel refuses queries as it refuses listeners.
                return new TaskStatsDelays(context, stats, TaskExits.open(proc, cpus), cgroups);
            } catch (IOException | RuntimeException e) {
                stats.close();
                throw e;
            }
        } catch (IOException | CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException("taskstats: " + e.getMessage(), e);
        }
    }

    void start() {
        listener.start();
    }

    @Override
    public String way() {
        return "taskstats";
    }

    private void listen() {
        try {
            while (!closed) {
                exits.await(WAIT);
                synchronized (lock) {
                    hear();
                }
            }
        } catch (IOException e) {
            LOG.warn("Delays of processes that end are heard of less often: {}", e.toString());
        }
    }

    /** Hears of all who ended until now: a task says its last words before it goes from the process list. */
    private void hear() throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            long overflows = exits.overflows();
            List<TaskAccounting> accounts = exits.receive(Duration.ZERO);
            if (accounts.isEmpty() && exits.overflows() == overflows) {
                return;
            }
            accounts.forEach(this::ended);
        }
    }

    private void ended(TaskAccounting account) {
        boolean thread = account.task() instanceof Task.OfThread;
        int tgid = switch (account.task()) {
            case Task.OfProcess(int id) -> id;
            case Task.OfThread(int id) -> account.process().orElse(id);
        };
        boolean nobodys =
                thread && account.process().isEmpty() && delays.cgroupOf(tgid).isEmpty();
        Optional<CgroupRef> cgroup = nobodys ? Optional.empty() : cgroupOfEnded(tgid, account.parent());
        if (cgroup.isEmpty()) {
            unattributed++;
            return;
        }
        if (thread) {
            delays.threadEnded(tgid, cgroup.get());
        }
        if (!thread || account.task().equals(new Task.OfThread(tgid))) {
            delays.lastWords(tgid, cgroup.get(), nanos(account), life(account.beginSeconds()));
        }
    }

    /** A second more: the start is in whole ones. */
    private OptionalLong life(OptionalLong beginSeconds) {
        return beginSeconds.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Duration.between(Instant.ofEpochSecond(beginSeconds.getAsLong()), clock.instant())
                        .plusSeconds(1)
                        .toNanos());
    }

    private Optional<CgroupRef> cgroupOfEnded(int tgid, OptionalInt parent) {
        Optional<CgroupRef> own = delays.cgroupOf(tgid).or(() -> cgroups.of(tgid));
        return own.isPresent() || parent.isEmpty()
                ? own
                : delays.cgroupOf(parent.getAsInt()).or(() -> cgroups.of(parent.getAsInt()));
    }

    private static ProcessDelays.Account nanos(TaskAccounting account) {
        return new ProcessDelays.Account(
                account.cpuDelayNanos().orElse(0), account.blockIoDelayNanos().orElse(0));
    }

    @Override
    public Map<CgroupRef, TaskDelays> read() throws IOException {
        synchronized (lock) {
            long uptimeMillis = Uptime.readMillis(procRoot)
                    .orElseThrow(() -> new IOException("cannot read " + procRoot.resolve("uptime")));
            long bootNanos = System.nanoTime() - Duration.ofMillis(uptimeMillis).toNanos();
            delays.begin();
            for (int pid : ProcessIds.list(procRoot)) {
                ask(pid, bootNanos);
            }
            // Whoever is forgotten first and heard of then would count as new, with all that it ever waited.
            hear();
            delays.end();
            return delays.sums();
        }
    }

    /** @param bootNanos the boot on the clock of {@code System.nanoTime} */
    private void ask(int pid, long bootNanos) throws IOException {
        Optional<ProcessStat> stat = ProcessStat.read(procRoot, pid);
        if (stat.isEmpty() || stat.get().kernelThread()) {
            return;
        }
        Optional<CgroupRef> cgroup = delays.recentCgroupOf(pid).or(() -> cgroups.of(pid));
        Optional<TaskAccounting> account = cgroup.isEmpty() ? Optional.empty() : stats.ofProcess(pid);
        if (account.isEmpty()) {
            return;
        }
        blockDelays |= account.get().blockIoDelayNanos().isPresent();
        // A tick more: the start is rounded.
        long lifeNanos = System.nanoTime() - bootNanos - (stat.get().startTicks() - 1) * NANOS_PER_TICK;
        delays.alive(pid, cgroup.get(), stat.get().threads(), nanos(account.get()), lifeNanos);
    }

    @Override
    public boolean hasBlockDelays() {
        synchronized (lock) {
            return blockDelays;
        }
    }

    @Override
    public Optional<TaskDelays> remove(CgroupRef cgroup) {
        synchronized (lock) {
            return delays.remove(cgroup);
        }
    }

    @Override
    public Map<String, Long> drops() {
        synchronized (lock) {
            return Map.of(
                    "exits_overflow",
                    exits.overflows(),
                    "exits_unattributed",
                    unattributed,
                    "processes",
                    delays.dropped(),
                    "impossible_process_growth",
                    delays.impossible());
        }
    }

    @Override
    public Optional<BpfProbe> probe() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.join(END_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exits.close();
        stats.close();
    }
}
