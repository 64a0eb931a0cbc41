package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.ffm.KernelFile;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel accounts for a container: for each controller the directory of the container's outermost cgroup, in
 * the hierarchy of cgroup v1 that has the controller, and in cgroup v2. What lies below is in its sums, but for what is
 * said where a file is read.
 */
final class ContainerDirectories {
    private final Map<Controller, byte[]> v1;
    private final byte @Nullable [] unified;

    private ContainerDirectories(Map<Controller, byte[]> v1, byte @Nullable [] unified) {
        this.v1 = v1;
        this.unified = unified;
    }

    /** A file of a controller on v1; empty if the container has no cgroup there. It may not exist all the same. */
    Optional<KernelFile> v1(Controller controller, String file) {
        return file(v1.get(controller), file);
    }

    /** A file on v2; empty if the container has no cgroup there. */
    Optional<KernelFile> unified(String file) {
        return file(unified, file);
    }

    private static Optional<KernelFile> file(byte @Nullable [] directory, String file) {
        return directory == null
                ? Optional.empty()
                : Optional.of(new KernelFile(directory, file.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The hierarchies of a host that account for anything. */
    static final class Finder {
        private final Map<Controller, CgroupHierarchy> v1 = new EnumMap<>(Controller.class);
        private final Optional<CgroupHierarchy> unified;

        /**
         * Looks for what is mounted now.
         *
         * @throws CgroupfsUnavailableException if there is no cgroup file system
         */
        Finder(Path cgroupRoot, Path procRoot) throws CgroupfsUnavailableException {
            CgroupHierarchies.find(cgroupRoot, procRoot);
            unified = CgroupHierarchies.unified(cgroupRoot);
            for (Controller controller : Controller.values()) {
                CgroupHierarchies.v1(cgroupRoot, procRoot, controller.v1Name())
                        .ifPresent(hierarchy -> v1.put(controller, hierarchy));
            }
        }

        /** The directories of a container with these cgroups. */
        ContainerDirectories of(Map<CgroupRef, CgroupPath> cgroups) {
            Map<Integer, CgroupPath> outermost = new HashMap<>();
            cgroups.forEach((ref, path) -> outermost.merge(ref.hierarchy(), path, Finder::outer));
            Map<Controller, byte[]> directories = new EnumMap<>(Controller.class);
            v1.forEach((controller, hierarchy) -> path(controller, hierarchy, outermost)
                    .flatMap(path -> FileNames.bytes(hierarchy.root(), path))
                    .ifPresent(directory -> directories.put(controller, directory)));
            byte[] inUnified = unified.flatMap(hierarchy -> Optional.ofNullable(outermost.get(hierarchy.number()))
                            .flatMap(path -> FileNames.bytes(hierarchy.root(), path)))
                    .orElse(null);
            return new ContainerDirectories(directories, inUnified);
        }

        private static CgroupPath outer(CgroupPath older, CgroupPath younger) {
            return older.value().length() < younger.value().length() ? older : younger;
        }

        private Optional<CgroupPath> path(
                Controller controller, CgroupHierarchy hierarchy, Map<Integer, CgroupPath> outermost) {
            CgroupPath own = outermost.get(hierarchy.number());
            if (own != null) {
                return Optional.of(own);
            }
            for (Controller neighbour : controller.neighbours()) {
                CgroupHierarchy walked = v1.get(neighbour);
                CgroupPath path = walked == null ? null : outermost.get(walked.number());
                if (path != null) {
                    return Optional.of(path);
                }
            }
            return Optional.empty();
        }
    }
}
