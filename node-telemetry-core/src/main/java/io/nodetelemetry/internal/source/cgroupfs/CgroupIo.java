package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.ffm.KernelFile;
import io.nodetelemetry.internal.ffm.KernelFileReader;
import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The block I/O of containers, by device: {@code io.stat} on cgroup v2, {@code blkio.throttle.*} on v1. Keeps no file
 * open. For one thread.
 *
 * <pre>{@code
 * try (CgroupIo io = CgroupIo.open(Path.of("/sys/fs/cgroup"), Path.of("/proc"))) {
 *     Optional<IoCounters.Device> sda = io.read(container.cgroups()).flatMap(counters -> counters.device(new DeviceNumber(8, 0)));
 * }
 * }</pre>
 */
public final class CgroupIo implements AutoCloseable {
    private final ContainerDirectories.Finder finder;
    private final KernelFileReader reader = new KernelFileReader(0);
    private final KernelText text = new KernelText();

    private CgroupIo(ContainerDirectories.Finder finder) {
        this.finder = finder;
    }

    /**
     * Finds the hierarchies; reads nothing else yet.
     *
     * @throws CgroupfsUnavailableException if there is no cgroup file system
     */
    public static CgroupIo open(Path cgroupRoot, Path procRoot) throws CgroupfsUnavailableException {
        return new CgroupIo(new ContainerDirectories.Finder(cgroupRoot, procRoot));
    }

    /**
     * What a container did so far.
     *
     * @param cgroups the live cgroups of the container
     * @return empty if it is gone, or the host has no such accounting: the controller ({@code io}, {@code blkio}) is not
     *     mounted, not built in, or not switched on for this container
     * @throws IOException if the files are there and cannot be read
     */
    public Optional<IoCounters> read(Map<CgroupRef, CgroupPath> cgroups) throws IOException {
        ContainerDirectories directories = finder.of(cgroups);
        Optional<BlkioThrottle> operations = throttle(directories, "blkio.throttle.io_serviced");
        if (operations.isPresent()) {
            return throttle(directories, "blkio.throttle.io_service_bytes").map(operations.get()::with);
        }
        Optional<KernelFile> file = directories.unified("io.stat");
        return file.isPresent() && read(file.get()) ? Optional.of(IoStat.parse(text)) : Optional.empty();
    }

    /** The sums over all cgroups below, which Linux 4.20 and later have; else what the cgroup itself did. */
    private Optional<BlkioThrottle> throttle(ContainerDirectories directories, String name) throws IOException {
        for (String file : new String[] {name + "_recursive", name}) {
            Optional<KernelFile> found = directories.v1(Controller.BLKIO, file);
            if (found.isPresent() && read(found.get())) {
                return Optional.of(BlkioThrottle.parse(text));
            }
        }
        return Optional.empty();
    }

    private boolean read(KernelFile file) throws IOException {
        boolean there = reader.read(file);
        if (there) {
            text.wrap(reader.bytes(), reader.length());
        }
        return there;
    }

    @Override
    public void close() {
        reader.close();
    }
}
