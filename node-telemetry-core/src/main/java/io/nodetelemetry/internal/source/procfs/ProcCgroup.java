package io.nodetelemetry.internal.source.procfs;

import io.nodetelemetry.model.CgroupPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/<pid>/cgroup}: where a process stands in each hierarchy (cgroups(7)).
 *
 * <pre>
 * 4:memory:/docker/3f1c…
 * 1:name=systemd:/system.slice/docker.service
 * 0::/system.slice/docker.service
 * </pre>
 *
 * @param entries one per hierarchy, in the order of the file
 */
public record ProcCgroup(List<Entry> entries) {
    /** Those by which a container is known, in order of preference; the empty name is v2's. */
    private static final List<String> IDENTITY = List.of("", "memory", "cpu", "pids");

    private static final String DELETED = " (deleted)";
    private static final int MAX_BYTES = 1 << 18;

    /**
     * One line.
     *
     * @param hierarchy 0 for cgroup v2
     * @param controllers of v1, or its {@code name=…}; empty for v2
     * @param path seen from the root, without the mark of a deleted cgroup
     * @param deleted whether the cgroup's directory is gone while the process is still in it, a zombie for the most part
     */
    public record Entry(int hierarchy, List<String> controllers, CgroupPath path, boolean deleted) {
        public Entry {
            controllers = List.copyOf(controllers);
        }
    }

    public ProcCgroup {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the file; empty if the process is gone.
     *
     * @throws IOException if it may not be read
     */
    public static Optional<ProcCgroup> read(Path procRoot, int pid) throws IOException {
        Optional<byte[]> file = ProcFiles.read(procRoot.resolve(pid + "/cgroup"), MAX_BYTES);
        return file.map(bytes -> parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** Takes what is well formed and leaves out the rest, such as a line that was cut off. */
    public static ProcCgroup parse(String file) {
        List<Entry> entries = new ArrayList<>();
        for (String line : file.substring(0, file.lastIndexOf('\n') + 1).split("\n", -1)) {
            String[] columns = line.split(":", 3);
            if (columns.length == 3 && columns[0].matches("[0-9]{1,9}") && columns[2].startsWith("/")) {
                boolean deleted = columns[2].endsWith(DELETED);
                String path = deleted ? columns[2].substring(0, columns[2].length() - DELETED.length()) : columns[2];
                entries.add(new Entry(
                        Integer.parseInt(columns[0]), List.of(columns[1].split(",", -1)), normalised(path), deleted));
            }
        }
        return new ProcCgroup(entries);
    }

    /**
     * The cgroup that tells what the process belongs to: the deepest one among v2, memory, cpu and pids, in this order
     * when they are equally deep. A runtime need not use every hierarchy, and where it does not, the process is left in
     * the root or in its parent's cgroup. The BPF programs choose in the same way.
     */
    public Optional<Entry> identity() {
        Entry deepest = null;
        for (String controller : IDENTITY) {
            for (Entry entry : entries) {
                if (entry.controllers().contains(controller)
                        && (deepest == null || depth(entry.path()) > depth(deepest.path()))) {
                    deepest = entry;
                }
            }
        }
        return Optional.ofNullable(deepest);
    }

    private static int depth(CgroupPath path) {
        return path.equals(CgroupPath.ROOT)
                ? 0
                : (int) path.value().chars().filter(c -> c == '/').count();
    }

    /** From inside a cgroup namespace, what lies outside begins with {@code /..} (cgroup_namespaces(7)). */
    private static CgroupPath normalised(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return new CgroupPath("/" + String.join("/", parts));
    }
}
