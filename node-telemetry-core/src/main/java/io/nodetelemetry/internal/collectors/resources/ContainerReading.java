package io.nodetelemetry.internal.collectors.resources;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.internal.source.cgroupfs.AccountFiles;
import io.nodetelemetry.internal.source.cgroupfs.ContainerAccounts;
import io.nodetelemetry.internal.source.cgroupfs.CpuAccount;
import io.nodetelemetry.internal.source.cgroupfs.CpuLimit;
import io.nodetelemetry.internal.source.cgroupfs.MemoryAccount;
import io.nodetelemetry.internal.source.cgroupfs.Pressured;
import io.nodetelemetry.internal.source.pressure.PressureStallInfo;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One container and what was last read of it. Counters outlive the cgroup, so that a container that was short-lived or
 * ended just before a scrape shows all that it used; memory and limits do not: an ended container has none.
 */
final class ContainerReading {
    private static final MemoryAccount NO_MEMORY =
            new MemoryAccount(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    private static final PressureStallInfo NO_PRESSURE =
            new PressureStallInfo(OptionalLong.empty(), OptionalLong.empty());

    private final Container container;
    private final ContainerAccounts accounts;
    private @Nullable AccountFiles files;
    private int seenChanges = -1;
    /** One of the cgroups of its present run. */
    private @Nullable CgroupRef anchor;

    private Instant youngUntil = Instant.MIN;

    private OptionalLong cpuNanos = OptionalLong.empty();
    private OptionalLong throttledNanos = OptionalLong.empty();
    private Optional<CpuLimit> cpuLimit = Optional.empty();
    private MemoryAccount memory = NO_MEMORY;
    private PressureStallInfo cpuPressure = NO_PRESSURE;
    private PressureStallInfo memoryPressure = NO_PRESSURE;
    private PressureStallInfo ioPressure = NO_PRESSURE;

    private @Nullable RowLabels labels;

    /** The labels of a container's rows, the same objects for as long as it bears that name. */
    record RowLabels(ContainerId id, Labels plain, Labels some, Labels full) {
        static RowLabels of(ContainerId id) {
            return new RowLabels(
                    id, Labels.of(id.value()), Labels.of(id.value(), "some"), Labels.of(id.value(), "full"));
        }
    }

    ContainerReading(Container container, ContainerAccounts accounts) {
        this.container = container;
        this.accounts = accounts;
    }

    /**
     * Follows the container's cgroups.
     *
     * @param young until when the container counts as young if it has just begun to run
     */
    void locate(Instant young) {
        if (seenChanges == container.cgroupChanges()) {
            return;
        }
        seenChanges = container.cgroupChanges();
        release();
        Map<CgroupRef, CgroupPath> cgroups = container.cgroups();
        if (cgroups.isEmpty()) {
            cpuLimit = Optional.empty();
            memory = NO_MEMORY;
            return;
        }
        files = accounts.files(cgroups);
        if (anchor == null || !cgroups.containsKey(anchor)) {
            anchor = cgroups.keySet().iterator().next();
            youngUntil = young;
        }
    }

    /** Whether it runs and has not run for long. */
    boolean isYoung(Instant now) {
        return files != null && now.isBefore(youngUntil);
    }

    /** Reads all of it; what cannot be read for want of a file keeps its last count. */
    void read() throws IOException {
        AccountFiles from = files;
        if (from == null) {
            return;
        }
        CpuAccount cpu = accounts.cpu(from);
        cpuNanos = cpu.usageNanos().isPresent() ? cpu.usageNanos() : cpuNanos;
        throttledNanos = cpu.throttledNanos().isPresent() ? cpu.throttledNanos() : throttledNanos;
        cpuLimit = cpu.limit();
        memory = accounts.memory(from);
        cpuPressure = pressure(from, Pressured.CPU, cpuPressure);
        memoryPressure = pressure(from, Pressured.MEMORY, memoryPressure);
        ioPressure = pressure(from, Pressured.IO, ioPressure);
    }

    private PressureStallInfo pressure(AccountFiles from, Pressured resource, PressureStallInfo last)
            throws IOException {
        Optional<KernelText> text = accounts.pressure(from, resource);
        return text.isPresent() ? PressureStallInfo.parse(text.get()) : last;
    }

    /** The labels of its rows; empty while it has no name and while nothing was seen to run in it. */
    Optional<RowLabels> labels() {
        Optional<ContainerId> id = container.observed() ? container.id() : Optional.empty();
        if (id.isPresent() && (labels == null || !labels.id().equals(id.get()))) {
            labels = RowLabels.of(id.get());
        }
        return id.isPresent() ? Optional.ofNullable(labels) : Optional.empty();
    }

    /** Of two with one name, the one that runs; of two that run or ended, the one that is younger. */
    static ContainerReading betterOf(ContainerReading older, ContainerReading younger) {
        boolean onlyOlderRuns = older.container.endedAt().isEmpty()
                && younger.container.endedAt().isPresent();
        return onlyOlderRuns ? older : younger;
    }

    OptionalLong cpuNanos() {
        return cpuNanos;
    }

    OptionalLong throttledNanos() {
        return throttledNanos;
    }

    Optional<CpuLimit> cpuLimit() {
        return cpuLimit;
    }

    MemoryAccount memory() {
        return memory;
    }

    PressureStallInfo pressure(Pressured resource) {
        return switch (resource) {
            case CPU -> cpuPressure;
            case MEMORY -> memoryPressure;
            case IO -> ioPressure;
        };
    }

    /** Closes its files. */
    void release() {
        AccountFiles open = files;
        files = null;
        if (open != null) {
            accounts.release(open);
        }
    }
}
