package io.nodetelemetry.internal.source.cgroupfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the mounted cgroup hierarchies by what lies in them, so that a bind mount or a copy of the tree serves as well
 * as {@code /sys/fs/cgroup} itself (cgroups(7), Documentation/admin-guide/cgroup-v2.rst):
 *
 * <ul>
 *   <li>pure v2: the root itself is a cgroup2;
 *   <li>hybrid: {@code unified/} is a cgroup2, and one directory per v1 hierarchy beside it;
 *   <li>v1: these directories alone.
 * </ul>
 */
public final class CgroupHierarchies {
    /** The v1 hierarchies in which a container is looked for; a process is in one cgroup of each. */
    private static final List<String> V1 = List.of("memory", "cpu", "pids", "name=systemd");

    /** Large enough for every controller there is; the file is the kernel's. */
    private static final int MAX_LINES = 64;

    private record Line(int number, String controllers) {}

    private CgroupHierarchies() {}

    /**
     * The hierarchies worth walking: v2 first.
     *
     * @param cgroupRoot usually {@code /sys/fs/cgroup}
     * @param procRoot usually {@code /proc}
     * @throws CgroupfsUnavailableException if there is none
     */
    public static List<CgroupHierarchy> find(Path cgroupRoot, Path procRoot) throws CgroupfsUnavailableException {
        List<CgroupHierarchy> found = new ArrayList<>();
        unified(cgroupRoot).ifPresent(found::add);
        if (!isV2(cgroupRoot)) {
            Set<Integer> numbers = new HashSet<>();
            for (CgroupHierarchy hierarchy : v1(cgroupRoot, procRoot, V1)) {
                if (numbers.add(hierarchy.number())) {
                    found.add(hierarchy);
                }
            }
        }
        if (found.isEmpty()) {
            throw new CgroupfsUnavailableException(reason(cgroupRoot, procRoot));
        }
        return found;
    }

    /** The cgroup2 of this host, where it is mounted. */
    static Optional<CgroupHierarchy> unified(Path cgroupRoot) {
        for (Path candidate : List.of(cgroupRoot, cgroupRoot.resolve("unified"))) {
            if (isV2(candidate)) {
                return Optional.of(new CgroupHierarchy(0, "v2", candidate));
            }
        }
        return Optional.empty();
    }

    /** The v1 hierarchy of a controller; empty if it has none, or on a pure v2 host. */
    static Optional<CgroupHierarchy> v1(Path cgroupRoot, Path procRoot, String controller) {
        return isV2(cgroupRoot)
                ? Optional.empty()
                : v1(cgroupRoot, procRoot, List.of(controller)).stream().findFirst();
    }

    private static List<CgroupHierarchy> v1(Path cgroupRoot, Path procRoot, List<String> controllers) {
        List<CgroupHierarchy> found = new ArrayList<>();
        List<Line> lines = v1Lines(procRoot);
        for (String controller : controllers) {
            for (Line line : lines) {
                if (List.of(line.controllers().split(",", -1)).contains(controller)) {
                    directory(cgroupRoot, line.controllers(), controller)
                            .ifPresent(directory ->
                                    found.add(new CgroupHierarchy(line.number(), line.controllers(), directory)));
                }
            }
        }
        return found;
    }

    private static String reason(Path cgroupRoot, Path procRoot) {
        if (!Files.isDirectory(cgroupRoot)) {
            return "no directory " + cgroupRoot + "; mount the host's /sys/fs/cgroup there or set the cgroup root";
        }
        if (hasV1Directory(cgroupRoot) && v1Lines(procRoot).isEmpty()) {
            return "cannot read " + procRoot.resolve("self/cgroup") + ", which numbers the cgroup v1 hierarchies of "
                    + cgroupRoot + "; mount procfs there or set the proc root";
        }
        return "no cgroup file system at " + cgroupRoot
                + "; mount the host's /sys/fs/cgroup there or set the cgroup root";
    }

    /** In the root of every cgroup2 since Linux 4.5, and in no v1 hierarchy. */
    private static boolean isV2(Path directory) {
        return Files.isRegularFile(directory.resolve("cgroup.controllers"));
    }

    /** In every v1 cgroup, and in no v2 one. */
    private static boolean isV1(Path directory) {
        return Files.isRegularFile(directory.resolve("tasks"));
    }

    private static boolean hasV1Directory(Path cgroupRoot) {
        return V1.stream().anyMatch(controller -> isV1(cgroupRoot.resolve(controller)));
    }

    /** Hosts differ in the order of joined controllers, and most have a link from {@code cpu} to {@code cpu,cpuacct}. */
    private static Optional<Path> directory(Path cgroupRoot, String controllers, String controller) {
        String single = controller.startsWith("name=") ? controller.substring("name=".length()) : controller;
        for (String name : List.of(controllers, single)) {
            Path directory = cgroupRoot.resolve(name);
            if (isV1(directory)) {
                return Optional.of(directory);
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(cgroupRoot)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Arrays.asList(name.split(",", -1)).contains(single) && isV1(entry)) {
                    return Optional.of(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * The numbers are the same for every process, so any readable one will do: {@code self} points nowhere in the proc
     * of another pid namespace.
     */
    private static List<Line> v1Lines(Path procRoot) {
        for (String process : List.of("self", "1")) {
            try {
                // One read: the file changes under a reader that comes back for more.
                List<Line> lines = parse(
                        Files.readString(procRoot.resolve(process).resolve("cgroup"), StandardCharsets.ISO_8859_1));
                if (!lines.isEmpty()) {
                    return lines;
                }
            } catch (IOException e) {
                // The next one.
            }
        }
        return List.of();
    }

    private static List<Line> parse(String file) {
        List<Line> lines = new ArrayList<>();
        for (String line : file.lines().limit(MAX_LINES).toList()) {
            String[] columns = line.split(":", 3);
            if (columns.length == 3 && columns[0].matches("[1-9][0-9]{0,8}")) {
                lines.add(new Line(Integer.parseInt(columns[0]), columns[1]));
            }
        }
        return lines;
    }
}
