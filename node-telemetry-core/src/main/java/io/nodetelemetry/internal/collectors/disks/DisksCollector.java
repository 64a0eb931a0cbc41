package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.WrittenMounts;
import io.nodetelemetry.internal.source.cgroupfs.CgroupIo;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.source.statfs.FileSystemSizes;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file systems of containers and the I/O on the disks below them.
 *
 * <p>A mount is shown once a process of the container has a file on it open for writing, or if it is a volume. Which
 * files are open is asked of the kernel by an iterator now and then, without which each process is looked at. Mounts and
 * sizes are looked at anew every 30 seconds, a part of the containers at a time, I/O at every interval.
 */
public final class DisksCollector implements Collector, ContainerListener, PartlyWorking {
    private static final Logger LOG = LoggerFactory.getLogger(DisksCollector.class);

    /** How long mounts, sizes and the knowledge of what is written to are good for. */
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** In its first seconds a container opens what it will write to. */
    private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();
    /** Some 50 µs each. */
    private static final int LOOKS_PER_TURN = 200;

    private final Callable<? extends WrittenMounts> opener;
    private final ContainerRegistry registry;
    private final Config config;
    private final Supplier<FileSystemSizes> sizes;
    private final LongSupplier nanoTime;
    private final Map<Container, ContainerDisks> known = new HashMap<>();
    private @Nullable Sources sources;
    private @Nullable WrittenMounts written;
    private long nextFind;
    private long lastFull;
    private boolean pending;
    private boolean young;
    private String whyNoProbe = "";
    private int total;
    private long droppedWritten;

    /**
     * How often it looks and how much it keeps.
     *
     * @param interval of reading I/O
     * @param mountsPerContainer that are shown at the most
     * @param mounts of all containers together
     */
    public record Config(Duration interval, int mountsPerContainer, int mounts) {
        /** What a node needs that is not out of order. */
        public static Config every(Duration interval) {
            return new Config(interval, 64, 16_384);
        }
    }

    private record Sources(CgroupTree tree, CgroupIo io, MountLook look) implements AutoCloseable {
        @Override
        public void close() {
            look.close();
            io.close();
        }
    }

    /**
     * A collector that is not started.
     *
     * @param opener loads the iterator; what it throws costs speed only
     */
    public DisksCollector(Callable<? extends WrittenMounts> opener, ContainerRegistry registry, Config config) {
        this(opener, registry, config, () -> new FileSystemSizes(config.mounts()), System::nanoTime);
    }

    DisksCollector(
            Callable<? extends WrittenMounts> opener,
            ContainerRegistry registry,
            Config config,
            Supplier<FileSystemSizes> sizes,
            LongSupplier nanoTime) {
        this.opener = opener;
        this.registry = registry;
        this.config = config;
        this.sizes = sizes;
        this.nanoTime = nanoTime;
        registry.listen(this);
    }

    @Override
    public String name() {
        return "disks";
    }

    @Override
    public List<MetricFamily> families() {
        return DiskTable.FAMILIES;
    }

    @Override
    public void start(CollectorContext context) throws Exception {
        try {
            CgroupTree tree = CgroupTree.open(context.cgroupRoot(), context.procRoot());
            CgroupIo io = CgroupIo.open(context.cgroupRoot(), context.procRoot());
            sources = new Sources(tree, io, new MountLook(context.procRoot(), context.sysRoot(), config, sizes.get()));
        } catch (CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
        }
        nextFind = nanoTime.getAsLong();
        lastFull = nextFind - config.interval().toNanos();
        whyNoProbe = "";
        try {
            written = opener.call();
        } catch (CollectorUnavailableException e) {
            whyNoProbe = "What is written to is looked up process by process: " + e.getMessage();
        }
    }

    /** At every turn while a size is awaited that was never there. */
    @Override
    public Duration interval() {
        return pending ? Duration.ZERO : config.interval();
    }

    @Override
    public List<MetricTable> collect() throws Exception {
        Sources open = sources;
        if (open == null) {
            throw new CollectorUnavailableException("not started");
        }
        long now = nanoTime.getAsLong();
        boolean full = !pending || now - lastFull >= config.interval().toNanos();
        if (full) {
            lastFull = now;
        }
        if (now - nextFind >= 0 || (full && young)) {
            nextFind = now + LOOK.toNanos();
            find(now);
        }
        open.look().begin();
        DiskTable table = new DiskTable();
        int looks = Math.max(LOOKS_PER_TURN, registry.containers().size() / 6);
        pending = false;
        young = false;
        total = known.values().stream().mapToInt(disks -> disks.mounts().size()).sum();
        for (Container container : registry.containers()) {
            if (container.id().isEmpty()) {
                continue;
            }
            ContainerDisks disks = known.computeIfAbsent(container, key -> new ContainerDisks(now));
            if (container.endedAt().isEmpty()) {
                boolean isYoung = disks.ageNanos(now) < YOUNG_NANOS;
                young |= isYoung;
                if (looks > 0 && (disks.isDue(now) || (full && isYoung))) {
                    looks--;
                    look(open, container, disks, now);
                }
                pending |= !disks.wasLookedAt();
            }
            disks.mounts().forEach(DiskMount::update);
            pending |= disks.mounts().stream().anyMatch(DiskMount::awaitsSize);
            if (container.endedAt().isEmpty() && (full || disks.io().isEmpty())) {
                readIo(open, container, disks);
            }
            table.add(container, disks);
        }
        return List.of(table.build());
    }

    private void look(Sources open, Container container, ContainerDisks disks, long now) {
        disks.lookedAt(now + LOOK.toNanos());
        for (Map.Entry<CgroupRef, CgroupPath> cgroup : container.cgroups().entrySet()) {
            List<Integer> processes = open.tree().processes(cgroup.getKey(), cgroup.getValue());
            if (!processes.isEmpty()) {
                int before = disks.mounts().size();
                open.look().look(container, disks, processes, written == null, config.mounts() - total + before);
                total += disks.mounts().size() - before;
                return;
            }
        }
    }

    /** What cannot be read is absent; what was read of one that is gone stays. */
    private static void readIo(Sources open, Container container, ContainerDisks disks) {
        if (disks.mounts().stream().noneMatch(DiskMount::isShown)) {
            return;
        }
        try {
            open.io().read(container.cgroups()).ifPresent(counters -> disks.io(Optional.of(counters)));
        } catch (IOException e) {
            LOG.debug("I/O of {} could not be read", container, e);
            disks.io(Optional.empty());
        }
    }

    private void find(long now) {
        WrittenMounts source = written;
        if (source == null) {
            return;
        }
        try {
            source.find()
                    .forEach(mount -> registry.containerOf(mount.cgroup()).ifPresent(container -> {
                        ContainerDisks disks = known.computeIfAbsent(container, key -> new ContainerDisks(now));
                        if (!disks.wrote(
                                new MountChoice.Key(mount.mountId(), mount.device()),
                                now,
                                config.mountsPerContainer())) {
                            droppedWritten++;
                        }
                    }));
        } catch (IOException e) {
            LOG.warn("What is written to is looked up process by process from now on", e);
            whyNoProbe = "What is written to is looked up process by process: " + e.getMessage();
            written = null;
            source.close();
        }
    }

    @Override
    public void forgotten(Container container, Optional<Container> heir) {
        known.remove(container);
    }

    @Override
    public Optional<String> degraded() {
        return whyNoProbe.isEmpty() ? Optional.empty() : Optional.of(whyNoProbe);
    }

    /** What did not fit or did not answer, by reason; zeros included. */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>();
        drops.put("written_mounts", droppedWritten);
        Sources open = sources;
        if (open != null) {
            drops.putAll(open.look().drops());
        }
        return drops;
    }

    /** What is loaded; empty while the collector is off or does without. */
    public Optional<BpfProbe> probe() {
        return Optional.ofNullable(written);
    }

    @Override
    public void close() {
        WrittenMounts source = written;
        written = null;
        if (source != null) {
            source.close();
        }
        Sources open = sources;
        sources = null;
        if (open != null) {
            open.close();
        }
    }
}
