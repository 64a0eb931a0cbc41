package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The cgroups of a host as its cgroup file systems show them. Keeps nothing of what it read.
 *
 * <pre>{@code
 * CgroupTree tree = CgroupTree.open(Path.of("/sys/fs/cgroup"), Path.of("/proc"));
 * CgroupPath path = tree.walk().found().get(new CgroupRef(0, 4711));
 * }</pre>
 */
public final class CgroupTree {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_CGROUPS = 262_144;
    private static final int MAX_PROCESSES = 65_536;
    private static final int MAX_PROCS_BYTES = 1 << 20;

    private final List<CgroupHierarchy> hierarchies;
    private final int maxDepth;
    private final int maxCgroups;

    /**
     * All cgroups of one moment, or nearly: the kernel offers no consistent view.
     *
     * @param found parents before children
     * @param complete the numbers of the hierarchies that were seen to the end
     */
    public record Walk(Map<CgroupRef, CgroupPath> found, Set<Integer> complete) {}

    CgroupTree(List<CgroupHierarchy> hierarchies, int maxDepth, int maxCgroups) {
        this.hierarchies = List.copyOf(hierarchies);
        this.maxDepth = maxDepth;
        this.maxCgroups = maxCgroups;
    }

    /**
     * Finds the hierarchies; reads nothing else yet.
     *
     * @throws CgroupfsUnavailableException if there is none
     */
    public static CgroupTree open(Path cgroupRoot, Path procRoot) throws CgroupfsUnavailableException {
        return new CgroupTree(CgroupHierarchies.find(cgroupRoot, procRoot), MAX_DEPTH, MAX_CGROUPS);
    }

    /** The hierarchies that are walked; v2 first. */
    public List<CgroupHierarchy> hierarchies() {
        return hierarchies;
    }

    /** Whether cgroups of that hierarchy can be found here. */
    public boolean covers(int hierarchy) {
        return hierarchies.stream().anyMatch(candidate -> candidate.number() == hierarchy);
    }

    /** Reads the whole tree: some microseconds per cgroup. Cgroups that come or go meanwhile may be missed. */
    public Walk walk() {
        CgroupWalk walk = new CgroupWalk(maxDepth, maxCgroups);
        Set<Integer> complete = new HashSet<>();
        for (CgroupHierarchy hierarchy : hierarchies) {
            if (walk.add(hierarchy)) {
                complete.add(hierarchy.number());
            }
        }
        return new Walk(walk.found(), complete);
    }

    /** Whether that very cgroup is there now, and not another of its path. */
    public boolean exists(CgroupRef ref, CgroupPath path) {
        return directory(ref, path)
                .map(CgroupTree::inode)
                .orElse(OptionalLong.empty())
                .equals(OptionalLong.of(ref.id()));
    }

    private static OptionalLong inode(Path directory) {
        try {
            return Files.getAttribute(directory, "unix:ino") instanceof Number number
                    ? OptionalLong.of(number.longValue())
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private Optional<Path> directory(CgroupRef ref, CgroupPath path) {
        return directory(ref.hierarchy(), path);
    }

    private Optional<Path> directory(int hierarchy, CgroupPath path) {
        return hierarchies.stream()
                .filter(candidate -> candidate.number() == hierarchy)
                .findFirst()
                .flatMap(candidate -> FileNames.resolve(candidate.root(), path));
    }

    /**
     * The processes in a cgroup itself, not below it, as this process's pid namespace numbers them; empty if the cgroup
     * is gone, holds none or may not be asked (a threaded one). Source: {@code cgroup.procs}.
     */
    public List<Integer> processes(CgroupRef ref, CgroupPath path) {
        return directory(ref, path)
                .map(directory -> readProcesses(directory.resolve("cgroup.procs")))
                .orElse(List.of());
    }

    /** The cgroup at a path of a hierarchy; empty if it is gone or the hierarchy is not walked. */
    public Optional<CgroupRef> find(int hierarchy, CgroupPath path) {
        OptionalLong inode = directory(hierarchy, path).map(CgroupTree::inode).orElse(OptionalLong.empty());
        return inode.isPresent() ? Optional.of(new CgroupRef(hierarchy, inode.getAsLong())) : Optional.empty();
    }

    private static List<Integer> readProcesses(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parseProcesses(new String(in.readNBytes(MAX_PROCS_BYTES), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** One pid a line; 0 stands for a process of another pid namespace. */
    static List<Integer> parseProcesses(String file) {
        List<Integer> pids = new ArrayList<>();
        for (String line : file.split("\n", MAX_PROCESSES + 1)) {
            if (pids.size() < MAX_PROCESSES && line.matches("[1-9][0-9]{0,8}")) {
                pids.add(Integer.valueOf(line));
            }
        }
        return pids;
    }
}
