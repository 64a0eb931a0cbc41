package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.ffm.KernelFile;
import io.nodetelemetry.internal.ffm.KernelFileReader;
import io.nodetelemetry.internal.ffm.Libc;
import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads what containers use of CPU and memory and how long they wait, from the files of their cgroups: for each
 * controller on v1 if the container has a cgroup there, else on v2. For one thread.
 *
 * <p>Files stay open for the next read, {@value #MAX_OPEN_FILES} of them, and never more than an eighth of those that
 * the process may have: that is enough for some 500 containers. Reading one again takes a third of the time.
 *
 * <pre>{@code
 * try (ContainerAccounts accounts = ContainerAccounts.open(Path.of("/sys/fs/cgroup"), Path.of("/proc"))) {
 *     AccountFiles files = accounts.files(container.cgroups());
 *     OptionalLong usage = accounts.cpu(files).usageNanos();
 *     accounts.release(files);
 * }
 * }</pre>
 */
public final class ContainerAccounts implements AutoCloseable {
    private static final int MAX_OPEN_FILES = 4_096;
    private static final int SHARE_OF_DESCRIPTORS = 8;

    private final ContainerDirectories.Finder finder;
    private final KernelFileReader reader;
    private final KernelText text = new KernelText();

    private ContainerAccounts(ContainerDirectories.Finder finder, KernelFileReader reader) {
        this.finder = finder;
        this.reader = reader;
    }

    /**
     * Finds the hierarchies; reads nothing else yet.
     *
     * @throws CgroupfsUnavailableException if there is no cgroup file system
     */
    public static ContainerAccounts open(Path cgroupRoot, Path procRoot) throws CgroupfsUnavailableException {
        int maxOpen = (int) Math.min(MAX_OPEN_FILES, Libc.maxOpenFiles() / SHARE_OF_DESCRIPTORS);
        return new ContainerAccounts(
                new ContainerDirectories.Finder(cgroupRoot, procRoot), new KernelFileReader(maxOpen));
    }

    /**
     * Where a container with these cgroups is accounted for. To be {@linkplain #release released} when the cgroups are
     * others or gone.
     */
    public AccountFiles files(Map<CgroupRef, CgroupPath> cgroups) {
        return new AccountFiles(finder.of(cgroups));
    }

    /**
     * CPU time and quota.
     *
     * @throws IOException if a file is there and cannot be read
     */
    public CpuAccount cpu(AccountFiles files) throws IOException {
        CpuStat v1 = read(files.cpuStatV1) ? CpuStat.parse(text) : CpuStat.NOTHING;
        OptionalLong usage = read(files.cpuacctUsage) ? SingleNumber.parse(text) : OptionalLong.empty();
        if (usage.isPresent() && files.cfsQuota != null) {
            return new CpuAccount(usage, v1.throttledNanos(), cfsQuota(files));
        }
        CpuStat v2 = read(files.cpuStat) ? CpuStat.parse(text) : CpuStat.NOTHING;
        return new CpuAccount(
                usage.isPresent() ? usage : v2.usageNanos(),
                files.cfsQuota == null ? v2.throttledNanos() : v1.throttledNanos(),
                files.cfsQuota == null ? cpuMax(files) : cfsQuota(files));
    }

    private Optional<CpuLimit> cpuMax(AccountFiles files) throws IOException {
        return read(files.cpuMax) ? CpuLimit.ofCpuMax(text) : Optional.empty();
    }

    /** The period is of no interest without a quota. */
    private Optional<CpuLimit> cfsQuota(AccountFiles files) throws IOException {
        if (!read(files.cfsQuota)) {
            return Optional.empty();
        }
        if (CpuLimit.isUnlimitedQuota(text)) {
            return Optional.of(CpuLimit.None.UNLIMITED);
        }
        text.rewind();
        OptionalLong quota = SingleNumber.parse(text);
        return CpuLimit.cores(quota, read(files.cfsPeriod) ? SingleNumber.parse(text) : OptionalLong.empty());
    }

    /**
     * Memory in use and its limit.
     *
     * @throws IOException if a file is there and cannot be read
     */
    public MemoryAccount memory(AccountFiles files) throws IOException {
        MemoryStat stat = MemoryStat.NOTHING;
        if (read(files.memoryStatV1)) {
            stat = MemoryStat.parseV1(text);
        } else if (read(files.memoryStat)) {
            stat = MemoryStat.parseV2(text);
        }
        boolean hasLimit = read(files.memoryLimit) || read(files.memoryMax);
        return new MemoryAccount(
                stat.rssBytes(), stat.cacheBytes(), hasLimit ? MemoryLimit.parse(text) : Optional.empty());
    }

    /**
     * Pressure stall information, to be parsed before anything else is read.
     *
     * @return empty if the container has no cgroup on v2, or the kernel accounts no pressure ({@code psi=1})
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<KernelText> pressure(AccountFiles files, Pressured resource) throws IOException {
        return read(files.pressure(resource)) ? Optional.of(text) : Optional.empty();
    }

    private boolean read(@Nullable KernelFile file) throws IOException {
        if (file == null || !reader.read(file)) {
            return false;
        }
        text.wrap(reader.bytes(), reader.length());
        return true;
    }

    /** Lets go of a container's files. */
    public void release(AccountFiles files) {
        files.all().forEach(reader::close);
    }

    /** How many files are open. */
    public int openFiles() {
        return reader.openFiles();
    }

    /** Closes all files. */
    @Override
    public void close() {
        reader.close();
    }
}
