package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerAccountsTest {
    private static final CgroupPath UNIT = new CgroupPath("/system.slice/a.service");
    private static final OptionalLong NONE = OptionalLong.empty();

    @TempDir
    private Path host = Path.of("");

    private @Nullable ContainerAccounts accounts;

    @AfterEach
    void close() {
        if (accounts != null) {
            accounts.close();
        }
    }

    private ContainerAccounts open() throws Exception {
        accounts = ContainerAccounts.open(host.resolve("cgroup"), host.resolve("proc"));
        return accounts;
    }

    private void write(String file, String content) throws IOException {
        Path path = host.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void v1(String lines, String... directories) throws IOException {
        write("proc/self/cgroup", lines);
        for (String directory : directories) {
            write("cgroup/" + directory + "/tasks", "");
        }
    }

    private static Map<CgroupRef, CgroupPath> in(CgroupPath path, int... hierarchies) {
        Map<CgroupRef, CgroupPath> cgroups = new LinkedHashMap<>();
        for (int hierarchy : hierarchies) {
            cgroups.put(new CgroupRef(hierarchy, 1), path);
        }
        return cgroups;
    }

    @Test
    void joinedControllersOfPureV1() throws Exception {
        v1("3:cpu,cpuacct:/\n4:memory:/\n", "cpu,cpuacct", "memory");
        write("cgroup/cpu,cpuacct/system.slice/a.service/cpuacct.usage", "5000000000\n");
        write("cgroup/cpu,cpuacct/system.slice/a.service/cpu.stat", "throttled_time 7\n");
        write("cgroup/cpu,cpuacct/system.slice/a.service/cpu.cfs_quota_us", "150000\n");
        write("cgroup/cpu,cpuacct/system.slice/a.service/cpu.cfs_period_us", "100000\n");
        write("cgroup/memory/system.slice/a.service/memory.limit_in_bytes", "9223372036854771712\n");
        ContainerAccounts open = open();
        AccountFiles files = open.files(in(UNIT, 3, 4));

        assertThat(open.cpu(files))
                .isEqualTo(new CpuAccount(
                        OptionalLong.of(5_000_000_000L), OptionalLong.of(7), Optional.of(new CpuLimit.Cores(1.5))));
        assertThat(open.memory(files))
                .isEqualTo(new MemoryAccount(NONE, NONE, Optional.of(MemoryLimit.None.UNLIMITED)));
        assertThat(open.pressure(files, Pressured.CPU)).isEmpty();
    }

    @Test
    void hybridDecidesForEachController() throws Exception {
        v1("1:cpu:/\n2:cpuacct:/\n9:name=systemd:/\n0::/\n", "cpu", "cpuacct", "systemd");
        write("cgroup/unified/cgroup.controllers", "memory\n");
        write("cgroup/unified/system.slice/a.service/memory.stat", "anon 1\nfile_mapped 2\nfile 4\n");
        write("cgroup/unified/system.slice/a.service/memory.max", "max\n");
        write("cgroup/unified/system.slice/a.service/cpu.stat", "usage_usec 8\n");
        write("cgroup/unified/system.slice/a.service/cpu.pressure", "some total=3\n");
        write("cgroup/cpu/system.slice/a.service/cpu.stat", "throttled_time 9\n");
        write("cgroup/cpu/system.slice/a.service/cpu.cfs_quota_us", "-1\n");
        ContainerAccounts open = open();

        AccountFiles both = open.files(in(UNIT, 1, 9, 0));
        assertThat(open.cpu(both))
                .as("no cgroup of cpuacct yet: v2 counts the same")
                .isEqualTo(new CpuAccount(
                        OptionalLong.of(8_000), OptionalLong.of(9), Optional.of(CpuLimit.None.UNLIMITED)));
        assertThat(open.memory(both))
                .isEqualTo(new MemoryAccount(
                        OptionalLong.of(3), OptionalLong.of(4), Optional.of(MemoryLimit.None.UNLIMITED)));
        assertThat(open.pressure(both, Pressured.CPU)).isPresent();
        assertThat(open.pressure(both, Pressured.IO)).isEmpty();

        write("cgroup/cpuacct/system.slice/a.service/cpuacct.usage", "8001\n");
        assertThat(open.cpu(both).usageNanos()).hasValue(8_001);

        AccountFiles unified = open.files(in(UNIT, 9, 0));
        assertThat(open.cpu(unified)).isEqualTo(new CpuAccount(OptionalLong.of(8_000), NONE, Optional.empty()));

        AccountFiles onlyNamed = open.files(in(UNIT, 9));
        assertThat(open.cpu(onlyNamed)).isEqualTo(new CpuAccount(NONE, NONE, Optional.empty()));
        assertThat(open.memory(onlyNamed)).isEqualTo(new MemoryAccount(NONE, NONE, Optional.empty()));
    }

    @Test
    void outermostCgroupCountsWhicheverCameFirst() throws Exception {
        write("cgroup/cgroup.controllers", "cpu\n");
        write("cgroup/system.slice/a.service/cpu.stat", "usage_usec 10\n");
        write("cgroup/system.slice/a.service/inner/cpu.stat", "usage_usec 1\n");
        ContainerAccounts open = open();
        Map<CgroupRef, CgroupPath> cgroups = new LinkedHashMap<>();
        cgroups.put(new CgroupRef(0, 5), new CgroupPath(UNIT.value() + "/inner"));
        cgroups.put(new CgroupRef(0, 4), UNIT);
        cgroups.put(new CgroupRef(0, 6), new CgroupPath(UNIT.value() + "/other"));

        assertThat(open.cpu(open.files(cgroups)).usageNanos()).hasValue(10_000);
    }

    @Test
    void namesAreBytesAndNotMoreThanThat() throws Exception {
        write("cgroup/cgroup.controllers", "cpu\n");
        for (String name : new String[] {"a b", "a\"b", "a\nb", "a\\x2db", "größe", "%41"}) {
            write("cgroup/system.slice/" + name + "/cpu.stat", "usage_usec 1\n");
            ContainerAccounts open = open();

            assertThat(open.cpu(open.files(in(new CgroupPath("/system.slice/" + name), 0)))
                            .usageNanos())
                    .as(name)
                    .hasValue(1_000);
            open.close();
        }
    }

    @Test
    void hugeOrOddFilesLeaveTheOthersAlone() throws Exception {
        write("cgroup/cgroup.controllers", "cpu\n");
        write("cgroup/system.slice/a.service/cpu.stat", "x".repeat(1_000_000) + "\nusage_usec 4\n");
        write("cgroup/system.slice/a.service/cpu.max", "");
        write("cgroup/system.slice/a.service/memory.stat", "\0\0\0\n");
        write("cgroup/system.slice/a.service/memory.max", "max");
        ContainerAccounts open = open();
        AccountFiles files = open.files(in(UNIT, 0));

        assertThat(open.cpu(files)).isEqualTo(new CpuAccount(OptionalLong.of(4_000), NONE, Optional.empty()));
        assertThat(open.memory(files)).isEqualTo(new MemoryAccount(NONE, NONE, Optional.empty()));
        write("cgroup/system.slice/a.service/memory.stat", "x".repeat(2_000_000));
        assertThatThrownBy(() -> open.memory(files))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("EFBIG");
    }

    @Test
    void filesStayOpenUntilTheyAreReleased() throws Exception {
        write("cgroup/cgroup.controllers", "cpu\n");
        write("cgroup/system.slice/a.service/cpu.stat", "usage_usec 4\n");
        write("cgroup/system.slice/a.service/cpu.max", "max 100000\n");
        ContainerAccounts open = open();
        AccountFiles files = open.files(in(UNIT, 0));
        for (int i = 0; i < 3; i++) {
            assertThat(open.cpu(files).usageNanos()).hasValue(4_000);
        }
        assertThat(open.openFiles()).isEqualTo(2);

        open.release(files);

        assertThat(open.openFiles()).isZero();
    }

    @Test
    void hostWithoutCgroupsIsAReason() {
        assertThatThrownBy(this::open).isInstanceOf(CgroupfsUnavailableException.class);
    }
}
