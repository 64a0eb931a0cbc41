package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreeTest {
    @TempDir
    Path root;

    private CgroupTree tree;

    @BeforeEach
    void open() throws Exception {
        Files.createFile(root.resolve("cgroup.controllers"));
        tree = CgroupTree.open(root, Path.of("/proc"));
    }

    private CgroupRef cgroup(String path) throws IOException {
        Path directory = Files.createDirectories(file(path));
        Files.writeString(directory.resolve("cgroup.procs"), "");
        Files.writeString(directory.resolve("memory.max"), "max\n");
        return ref(path);
    }

    /** Works in any locale, as the JDK's own {@code resolve} does not. */
    private Path file(String path) {
        return FileNames.resolve(root, new CgroupPath("/" + path)).orElseThrow();
    }

    private CgroupRef ref(String path) throws IOException {
        return new CgroupRef(0, ((Number) Files.getAttribute(file(path), "unix:ino")).longValue());
    }

    @Test
    void everyDirectoryIsACgroupNamedByItsInode() throws IOException {
        CgroupRef slice = cgroup("system.slice");
        CgroupRef unit = cgroup("system.slice/ssh.service");
        CgroupRef odd = cgroup("memory.like");

        CgroupTree.Walk walk = tree.walk();

        assertThat(walk.complete()).containsExactly(0);
        assertThat(walk.found())
                .containsOnlyKeys(ref(""), slice, unit, odd)
                .containsEntry(ref(""), CgroupPath.ROOT)
                .containsEntry(unit, new CgroupPath("/system.slice/ssh.service"))
                .containsEntry(odd, new CgroupPath("/memory.like"));
    }

    @Test
    void namesMayHoldAnythingButASlash() throws IOException {
        for (String name : List.of("a b", "\"quoted\"", "new\nline", "a\\x2db", "ü.service", "%41", "日本")) {
            CgroupRef ref = cgroup(name);
            assertThat(tree.walk().found().get(ref)).isEqualTo(new CgroupPath("/" + name));
            Files.writeString(file(name).resolve("cgroup.procs"), "17\n");
            assertThat(tree.processes(ref, new CgroupPath("/" + name))).containsExactly(17);
        }
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() throws IOException {
        Path directory = Files.createDirectory(Path.of(URI.create(root.toUri() + "a%FF%C3z")));
        CgroupRef ref = new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());

        assertThat(tree.walk().found().get(ref)).isEqualTo(new CgroupPath("/a\uFFFD\uFFFDz"));
    }

    @Test
    void symbolicLinksAreNotFollowed() throws IOException {
        cgroup("a");
        Files.createSymbolicLink(root.resolve("a/loop"), root);
        Files.createSymbolicLink(root.resolve("nowhere"), Path.of("gone"));

        assertThat(tree.walk().found().values()).extracting(CgroupPath::value).containsExactly("/", "/a");
    }

    @Test
    void walkIsBoundedInDepthAndNumberAndSaysSo() throws Exception {
        cgroup("1/2/3/4");
        cgroup("a");
        List<CgroupHierarchy> hierarchies = tree.hierarchies();

        CgroupTree.Walk shallow = new CgroupTree(hierarchies, 2, 100).walk();
        assertThat(shallow.found().values())
                .extracting(CgroupPath::value)
                .containsExactlyInAnyOrder("/", "/1", "/1/2", "/a");
        assertThat(shallow.complete()).isEmpty();

        CgroupTree.Walk few = new CgroupTree(hierarchies, 64, 3).walk();
        assertThat(few.found()).hasSize(3);
        assertThat(few.complete()).isEmpty();
    }

    @Test
    void rootThatVanishedIsNotComplete() throws IOException {
        Files.delete(root.resolve("cgroup.controllers"));
        Files.delete(root);

        assertThat(tree.walk()).isEqualTo(new CgroupTree.Walk(Map.of(), Set.of()));
        Files.createDirectory(root);
    }

    @Test
    void hierarchyThatIsNotMountedIsNotCovered() {
        assertThat(tree.covers(0)).isTrue();
        assertThat(tree.covers(4)).isFalse();
    }

    @Test
    void processesAreThoseOfTheFile() throws IOException {
        CgroupRef ref = cgroup("a");
        Files.writeString(root.resolve("a/cgroup.procs"), "12\n0\n345\nx\n99999999999\n");

        assertThat(tree.processes(ref, new CgroupPath("/a"))).containsExactly(12, 345);
    }

    @Test
    void cgroupThatIsGoneHasNoProcesses() throws IOException {
        assertThat(tree.processes(new CgroupRef(0, 5), new CgroupPath("/gone"))).isEmpty();
        assertThat(tree.processes(new CgroupRef(3, 5), CgroupPath.ROOT)).isEmpty();
        assertThat(tree.processes(new CgroupRef(0, 5), new CgroupPath("/\0"))).isEmpty();
    }

    @Test
    void pathsThatLeadOutOfTheTreeAreNotFollowed() throws IOException {
        Files.createDirectories(root.resolve("../outside-" + root.getFileName()));
        Path outside = root.resolve("../outside-" + root.getFileName() + "/cgroup.procs");
        Files.writeString(outside, "1\n");

        assertThat(tree.processes(new CgroupRef(0, 5), new CgroupPath("/../outside-" + root.getFileName())))
                .isEmpty();
        Files.delete(outside);
        Files.delete(outside.getParent());
    }
}
