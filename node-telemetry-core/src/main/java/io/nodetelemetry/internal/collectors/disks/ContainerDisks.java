package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.internal.source.cgroupfs.IoCounters;
import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import io.nodetelemetry.internal.source.sysfs.BlockDevice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The mounts of one container and its last I/O counters, which outlive it. For the agent's thread. */
final class ContainerDisks {
    private final long sinceNanos;
    private final Set<MountChoice.Key> written = new HashSet<>();
    private List<DiskMount> mounts = List.of();
    private Optional<IoCounters> io = Optional.empty();
    private long dueNanos;
    private boolean looked;

    ContainerDisks(long nowNanos) {
        sinceNanos = nowNanos;
        dueNanos = nowNanos;
    }

    /** How long it has been known. */
    long ageNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    boolean wasLookedAt() {
        return looked;
    }

    /** A look is taken now, be there anything to see or not; the next one is due then. */
    void lookedAt(long nextNanos) {
        looked = true;
        dueNanos = nextNanos;
    }

    /**
     * It has a file open for writing there.
     *
     * @param limit mounts that are remembered, most of which are shown at the next look
     * @return false if there is no room
     */
    boolean wrote(MountChoice.Key mount, long nowNanos, int limit) {
        if (written.contains(mount)) {
            return true;
        }
        if (written.size() >= limit) {
            return false;
        }
        written.add(mount);
        dueNanos = nowNanos;
        return true;
    }

    Set<MountChoice.Key> written() {
        return written;
    }

    /** Unmounted is forgotten. */
    void keepWritten(List<Mount> existing) {
        written.retainAll(existing.stream().map(MountChoice.Key::of).collect(Collectors.toSet()));
    }

    /** These and no others from now on; what was known of them stays known. */
    void replace(List<MountChoice> choices, Function<Mount, Optional<BlockDevice>> disks) {
        List<DiskMount> next = new ArrayList<>(choices.size());
        for (MountChoice choice : choices) {
            Optional<BlockDevice> disk = disks.apply(choice.mount());
            DiskMount mount = mounts.stream()
                    .filter(known -> known.is(choice, disk))
                    .findFirst()
                    .orElseGet(() -> new DiskMount(choice, disk));
            mount.written(choice.written());
            next.add(mount);
        }
        mounts = next;
    }

    List<DiskMount> mounts() {
        return mounts;
    }

    void io(Optional<IoCounters> counters) {
        io = counters;
    }

    Optional<IoCounters> io() {
        return io;
    }
}
