package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupHierarchiesTest {
    @TempDir
    Path directory;

    private Path cgroups;
    private Path proc;

    @BeforeEach
    void roots() throws IOException {
        cgroups = Files.createDirectory(directory.resolve("cgroup"));
        proc = Files.createDirectory(directory.resolve("proc"));
    }

    private void v2(Path root) throws IOException {
        Files.createDirectories(root);
        Files.createFile(root.resolve("cgroup.controllers"));
    }

    private Path v1(String name) throws IOException {
        Path root = Files.createDirectories(cgroups.resolve(name));
        Files.createFile(root.resolve("tasks"));
        return root;
    }

    private void self(String process, String content) throws IOException {
        Files.createDirectories(proc.resolve(process));
        Files.writeString(proc.resolve(process).resolve("cgroup"), content);
    }

    private List<CgroupHierarchy> find() throws CgroupfsUnavailableException {
        return CgroupHierarchies.find(cgroups, proc);
    }

    @Test
    void pureV2IsOneHierarchyWithNumberZero() throws Exception {
        v2(cgroups);

        assertThat(find()).containsExactly(new CgroupHierarchy(0, "v2", cgroups));
    }

    @Test
    void hybridIsV2AndTheControllersThatIdentify() throws Exception {
        v2(cgroups.resolve("unified"));
        Path memory = v1("memory");
        Path cpu = v1("cpu");
        v1("blkio");
        Path systemd = v1("systemd");
        self("self", "9:name=systemd:/\n7:blkio:/\n4:memory:/process\n1:cpu:/\n0::/\n");

        assertThat(find())
                .containsExactly(
                        new CgroupHierarchy(0, "v2", cgroups.resolve("unified")),
                        new CgroupHierarchy(4, "memory", memory),
                        new CgroupHierarchy(1, "cpu", cpu),
                        new CgroupHierarchy(9, "name=systemd", systemd));
    }

    @Test
    void joinedControllersAreFoundByDirectoryLinkOrOtherOrder() throws Exception {
        Path joined = v1("cpuacct,cpu");
        self("self", "2:cpu,cpuacct:/\n");
        assertThat(find()).containsExactly(new CgroupHierarchy(2, "cpu,cpuacct", joined));

        Path link = Files.createSymbolicLink(cgroups.resolve("cpu"), Path.of("cpuacct,cpu"));
        assertThat(find()).containsExactly(new CgroupHierarchy(2, "cpu,cpuacct", link));
    }

    @Test
    void controllersOfOneHierarchyAreOneHierarchy() throws Exception {
        v1("cpu,memory,pids");
        self("self", "2:cpu,memory,pids:/\n");

        assertThat(find()).hasSize(1);
    }

    @Test
    void numbersOfPid1ServeWhereSelfPointsNowhere() throws Exception {
        Path memory = v1("memory");
        self("1", "4:memory:/\n");

        assertThat(find()).containsExactly(new CgroupHierarchy(4, "memory", memory));
    }

    @Test
    void absentRootIsAReasonWithARemedy() {
        assertThatThrownBy(() -> CgroupHierarchies.find(directory.resolve("nowhere"), proc))
                .isInstanceOf(CgroupfsUnavailableException.class)
                .hasMessage("no directory " + directory.resolve("nowhere")
                        + "; mount the host's /sys/fs/cgroup there or set the cgroup root");
    }

    @Test
    void emptyRootIsAReason() {
        assertThatThrownBy(this::find)
                .isInstanceOf(CgroupfsUnavailableException.class)
                .hasMessageStartingWith("no cgroup file system at " + cgroups);
    }

    @Test
    void v1WithoutItsNumbersIsAReason() throws IOException {
        v1("memory");
        self("self", "rubbish\n:::\n99999999999:memory:/\n");

        assertThatThrownBy(this::find)
                .isInstanceOf(CgroupfsUnavailableException.class)
                .hasMessageStartingWith("cannot read " + proc.resolve("self/cgroup"));
    }
}
