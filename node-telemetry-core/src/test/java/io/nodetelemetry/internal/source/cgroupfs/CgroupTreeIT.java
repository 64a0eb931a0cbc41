package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's own cgroup file systems: link counts, inode numbers, control files. */
@Tag("kernel")
@Requires(HostFeature.ROOT)
class CgroupTreeIT {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path PROC = Path.of("/proc");
    private final String name = "nt-tree-it-" + ProcessHandle.current().pid();
    private final List<Path> made = new ArrayList<>();

    private CgroupRef make(CgroupHierarchy hierarchy, String path) throws IOException {
        Path directory = Files.createDirectory(hierarchy.root().resolve(path));
        made.add(directory);
        return new CgroupRef(hierarchy.number(), ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
    }

    @AfterEach
    void remove() throws IOException {
        for (Path directory : made.reversed()) {
            try {
                Files.delete(directory);
            } catch (NoSuchFileException e) {
                // The test removed it.
            }
        }
    }

    @Test
    void cgroupsOfEveryHierarchyAreFoundAmongTheirControlFiles() throws Exception {
        CgroupTree tree = CgroupTree.open(CGROUPS, PROC);
        for (CgroupHierarchy hierarchy : tree.hierarchies()) {
            CgroupRef outer = make(hierarchy, name);
            CgroupRef first = make(hierarchy, name + "/a");
            CgroupRef last = make(hierarchy, name + "/memory.z");
            CgroupRef inner = make(hierarchy, name + "/memory.z/deep");

            CgroupTree.Walk walk = tree.walk();

            assertThat(walk.complete()).contains(hierarchy.number());
            assertThat(walk.found())
                    .containsEntry(outer, new CgroupPath("/" + name))
                    .containsEntry(first, new CgroupPath("/" + name + "/a"))
                    .containsEntry(last, new CgroupPath("/" + name + "/memory.z"))
                    .containsEntry(inner, new CgroupPath("/" + name + "/memory.z/deep"));
            assertThat(walk.found().entrySet().stream()
                            .filter(entry -> entry.getKey().hierarchy() == hierarchy.number())
                            .filter(entry -> entry.getValue().value().startsWith("/" + name + "/")))
                    .hasSize(3);
        }
    }

    @Test
    void processIsListedInItsCgroup() throws Exception {
        CgroupTree tree = CgroupTree.open(CGROUPS, PROC);
        CgroupHierarchy hierarchy = tree.hierarchies().getLast();
        CgroupRef ref = make(hierarchy, name);
        CgroupPath path = new CgroupPath("/" + name);
        assertThat(tree.processes(ref, path)).isEmpty();
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(made.getLast().resolve("cgroup.procs"), process.pid() + "\n");

            assertThat(tree.processes(ref, path)).containsExactly((int) process.pid());
            assertThat(tree.find(hierarchy.number(), path)).contains(ref);
            assertThat(tree.find(hierarchy.number(), new CgroupPath("/" + name + "-absent")))
                    .isEmpty();
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
