package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.ffm.KernelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files in which the kernel accounts for one container, as its cgroups were when they were looked up. A file that is
 * not null may be absent all the same. Belongs to the {@link ContainerAccounts} that made it.
 */
public final class AccountFiles {
    final @Nullable KernelFile cpuacctUsage;
    final @Nullable KernelFile cpuStatV1;
    final @Nullable KernelFile cfsQuota;
    final @Nullable KernelFile cfsPeriod;
    final @Nullable KernelFile cpuStat;
    final @Nullable KernelFile cpuMax;
    final @Nullable KernelFile memoryStatV1;
    final @Nullable KernelFile memoryLimit;
    final @Nullable KernelFile memoryStat;
    final @Nullable KernelFile memoryMax;
    private final @Nullable KernelFile cpuPressure;
    private final @Nullable KernelFile memoryPressure;
    private final @Nullable KernelFile ioPressure;
    private final List<KernelFile> all = new ArrayList<>();

    AccountFiles(ContainerDirectories directories) {
        cpuacctUsage = kept(directories.v1(Controller.CPUACCT, "cpuacct.usage"));
        cpuStatV1 = kept(directories.v1(Controller.CPU, "cpu.stat"));
        cfsQuota = kept(directories.v1(Controller.CPU, "cpu.cfs_quota_us"));
        cfsPeriod = kept(directories.v1(Controller.CPU, "cpu.cfs_period_us"));
        cpuStat = kept(directories.unified("cpu.stat"));
        cpuMax = cfsQuota == null ? kept(directories.unified("cpu.max")) : null;
        memoryStatV1 = kept(directories.v1(Controller.MEMORY, "memory.stat"));
        memoryLimit = kept(directories.v1(Controller.MEMORY, "memory.limit_in_bytes"));
        memoryStat = memoryStatV1 == null ? kept(directories.unified("memory.stat")) : null;
        memoryMax = memoryStatV1 == null ? kept(directories.unified("memory.max")) : null;
        cpuPressure = kept(directories.unified("cpu.pressure"));
        memoryPressure = kept(directories.unified("memory.pressure"));
        ioPressure = kept(directories.unified("io.pressure"));
    }

    private @Nullable KernelFile kept(Optional<KernelFile> file) {
        file.ifPresent(all::add);
        return file.orElse(null);
    }

    @Nullable
    KernelFile pressure(Pressured resource) {
        return switch (resource) {
            case CPU -> cpuPressure;
            case MEMORY -> memoryPressure;
            case IO -> ioPressure;
        };
    }

    List<KernelFile> all() {
        return all;
    }
}
