package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists all cgroups of one hierarchy. Each cgroup directory holds up to a hundred control files, and asking the kernel
 * about each of them would be nearly all of the work. Two facts spare it: the link count of a cgroup's directory is two
 * more than it has children (kernfs), so leaves are not listed at all and a listing stops when all children are found;
 * and names that look like control files come last.
 */
final class CgroupWalk {
    private static final String ATTRIBUTES = "unix:ino,nlink,dev,isDirectory";

    private static final Pattern CONTROL_FILE = Pattern.compile(
            "(?:cgroup|memory|cpu|cpuacct|cpuset|pids|blkio|io|devices|freezer|hugetlb|rdma|misc|net_cls|net_prio"
                    + "|perf_event|dmem)\\..*|tasks|notify_on_release|release_agent");

    private final int maxDepth;
    private final int maxCgroups;
    private final Map<CgroupRef, CgroupPath> found = new LinkedHashMap<>();
    private boolean complete = true;

    private record Directory(Path file, CgroupPath path, int depth, int links, Object device) {}

    CgroupWalk(int maxDepth, int maxCgroups) {
        this.maxDepth = maxDepth;
        this.maxCgroups = maxCgroups;
    }

    Map<CgroupRef, CgroupPath> found() {
        return found;
    }

    /**
     * Adds the cgroups of a hierarchy, parents before children.
     *
     * @return whether all of it was seen: false if it is deeper or larger than allowed or could not be read
     */
    boolean add(CgroupHierarchy hierarchy) {
        complete = true;
        Deque<Directory> open = new ArrayDeque<>();
        if (!visit(hierarchy, hierarchy.root(), CgroupPath.ROOT, 0, null, open)) {
            return false;
        }
        while (!open.isEmpty()) {
            Directory directory = open.removeLast();
            if (directory.links() != 2) {
                list(hierarchy, directory, open);
            }
        }
        return complete;
    }

    private void list(CgroupHierarchy hierarchy, Directory directory, Deque<Directory> open) {
        if (directory.depth() >= maxDepth) {
            complete = false;
            return;
        }
        // File systems that do not count (overlay, btrfs) say 1; those are for tests and copies.
        int children = directory.links() > 2 ? directory.links() - 2 : Integer.MAX_VALUE;
        List<Path> unlikely = new ArrayList<>();
        int seen = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.file())) {
            for (Path entry : entries) {
                if (seen >= children) {
                    return;
                }
                if (CONTROL_FILE.matcher(entry.getFileName().toString()).matches()) {
                    unlikely.add(entry);
                } else if (visitChild(hierarchy, directory, entry, open)) {
                    seen++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Gone while it was listed, which is ordinary; or not to be read, and then its children are not known.
            complete &= !Files.exists(directory.file(), LinkOption.NOFOLLOW_LINKS);
            return;
        }
        for (Path entry : unlikely) {
            if (seen >= children) {
                return;
            }
            if (visitChild(hierarchy, directory, entry, open)) {
                seen++;
            }
        }
    }

    private boolean visitChild(CgroupHierarchy hierarchy, Directory parent, Path entry, Deque<Directory> open) {
        String prefix =
                parent.path().equals(CgroupPath.ROOT) ? "/" : parent.path().value() + '/';
        return visit(
                hierarchy,
                entry,
                new CgroupPath(prefix + FileNames.of(entry)),
                parent.depth() + 1,
                parent.device(),
                open);
    }

    /** False if it is no cgroup or is gone. */
    private boolean visit(
            CgroupHierarchy hierarchy,
            Path file,
            CgroupPath path,
            int depth,
            @Nullable Object device,
            Deque<Directory> open) {
        Map<String, Object> attributes;
        try {
            attributes = depth == 0
                    ? Files.readAttributes(file, ATTRIBUTES)
                    : Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
        Object ownDevice = attributes.get("dev");
        if (!Boolean.TRUE.equals(attributes.get("isDirectory"))
                || ownDevice == null
                || (device != null && !device.equals(ownDevice))) {
            return false;
        }
        if (found.size() >= maxCgroups) {
            complete = false;
            return true;
        }
        found.put(new CgroupRef(hierarchy.number(), number(attributes, "ino")), path);
        open.addLast(new Directory(file, path, depth, (int) number(attributes, "nlink"), ownDevice));
        return true;
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
