package io.nodetelemetry.internal.collectors.disks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.export.ExpositionFormat;
import io.nodetelemetry.internal.export.PrometheusText;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.nodetelemetry.internal.source.bpf.WrittenMount;
import io.nodetelemetry.internal.source.bpf.WrittenMounts;
import io.nodetelemetry.internal.source.statfs.FileSystemSize;
import io.nodetelemetry.internal.source.statfs.FileSystemSizes;
import io.nodetelemetry.internal.source.statfs.MountReading;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.DeviceNumber;
import io.nodetelemetry.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up procfs, sysfs and cgroup tree; the kernel's answers are the test's. */
class DisksCollectorTest {
    private static final Path FIXTURES = Path.of("src/test/resources");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String POD = "/var/lib/kubelet/pods/0f6f2b6e-91a5-4a9e-9d5c-7ad1e6a7a4f1";
    private static final CgroupRef CGROUP_A = new CgroupRef(0, 1);
    private static final CgroupRef CGROUP_B = new CgroupRef(0, 2);

    @TempDir
    private Path root = Path.of("");

    private final AtomicLong nanos = new AtomicLong(1);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Map<String, MountReading> readings = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final List<WrittenMount> written = new ArrayList<>();
    private boolean withoutBpf;
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final DisksCollector collector = new DisksCollector(
            this::open,
            registry,
            new DisksCollector.Config(Duration.ofSeconds(5), 3, 5),
            () -> new FileSystemSizes(16, this::read, nanos::get),
            nanos::get);

    private final class Kernel implements WrittenMounts {
        @Override
        public List<WrittenMount> find() {
            return List.copyOf(written);
        }

        @Override
        public String name() {
            return "disks";
        }

        @Override
        public List<Program> programs() {
            return List.of();
        }

        @Override
        public List<Fill> fills() {
            return List.of();
        }

        @Override
        public Map<String, Long> drops() {
            return Map.of();
        }

        @Override
        public void close() {}
    }

    private WrittenMounts open() throws CollectorUnavailableException {
        if (withoutBpf) {
            throw new CollectorUnavailableException("no BPF here");
        }
        return new Kernel();
    }

    private Optional<MountReading> read(String path) {
        String mountPoint = path.substring(path.indexOf("/root") + "/root".length());
        asked.add(mountPoint);
        CountDownLatch latch = hanging.get(mountPoint);
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Optional.ofNullable(readings.get(mountPoint));
    }

    @BeforeEach
    void plant() throws Exception {
        Files.createDirectories(root.resolve("cgroup"));
        Files.createFile(root.resolve("cgroup/cgroup.controllers"));
        for (String line : Files.readAllLines(FIXTURES.resolve("sysfs/block/tree"))) {
            String[] link = line.split(" -> ", 2);
            String[] file = line.split(" = ", 2);
            Path path = root.resolve("sys").resolve(link.length == 2 ? link[0] : file[0]);
            Files.createDirectories(path.resolve("..").normalize());
            if (link.length == 2) {
                Files.createSymbolicLink(path, Path.of(link[1]));
            } else {
                Files.writeString(path, file[1] + "\n");
            }
        }
    }

    @AfterEach
    void close() {
        collector.close();
        hanging.values().forEach(CountDownLatch::countDown);
    }

    private void start() throws Exception {
        collector.start(
                new CollectorContext(() -> now, root.resolve("proc"), root.resolve("sys"), root.resolve("cgroup")));
    }

    private void process(int pid, String mountinfo) throws IOException {
        Path process = root.resolve("proc/" + pid);
        Files.createDirectories(process.resolve("ns"));
        Files.createSymbolicLink(process.resolve("ns/mnt"), Path.of("mnt:[" + pid + "]"));
        Files.createSymbolicLink(process.resolve("root"), Path.of("/"));
        Files.copy(
                FIXTURES.resolve("procfs/mountinfo").resolve(mountinfo),
                process.resolve("mountinfo"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void container(String id, CgroupRef ref, String name, int pid, List<ContainerMount> mounts)
            throws IOException {
        Path cgroup = Files.createDirectories(root.resolve("cgroup/docker/" + id));
        Files.writeString(cgroup.resolve("cgroup.procs"), pid + "\n");
        registry.cgroupCreated(ref, new CgroupPath("/docker/" + id));
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, id),
                Optional.of(ContainerMetadata.EMPTY.withName(name).withMounts(mounts)));
    }

    private void io(String id, String ioStat) throws IOException {
        Files.writeString(root.resolve("cgroup/docker/" + id + "/io.stat"), ioStat);
    }

    private void size(String mountPoint, long size, long used, long reserved) {
        readings.put(mountPoint, new MountReading(true, Optional.of(new FileSystemSize(size, used, reserved))));
    }

    private MetricTable turn(Duration later) throws Exception {
        nanos.addAndGet(later.toNanos());
        now = now.plus(later);
        return collector.collect().getFirst();
    }

    /** Turns until all that was asked is answered. */
    private MetricTable settled() {
        MetricTable[] last = new MetricTable[1];
        Eventually.within(SOON, () -> {
            last[0] = turn(Duration.ofMillis(1));
            assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
        });
        return last[0];
    }

    private static Map<String, Map<String, Long>> rows(MetricTable table) {
        Map<String, Map<String, Long>> rows = new HashMap<>();
        for (int row = 0; row < table.size(); row++) {
            Map<String, Long> values = new HashMap<>();
            for (int family = 0; family < table.families().size(); family++) {
                if (table.isPresent(family, row)) {
                    values.put(
                            table.families().get(family).name().replace("container_resources_disk_", ""),
                            table.longValue(family, row));
                }
            }
            rows.put(
                    table.labels(row).get(0) + " " + table.labels(row).get(1) + " "
                            + table.labels(row).get(2),
                    values);
        }
        return rows;
    }

    private static List<String> mountPoints(MetricTable table) {
        return rows(table).keySet().stream()
                .map(key -> key.split(" ", 3)[2])
                .sorted()
                .collect(Collectors.toList());
    }

    @Test
    void volumesOfAPodInTextFormat() throws Exception {
        String claim = "pvc-5e7b1e0c-5a52-4c5e-8a33-0d6a3a6e7f10";
        container(
                A,
                CGROUP_A,
                "db",
                12,
                List.of(
                        new ContainerMount(
                                POD + "/volumes/kubernetes.io~csi/" + claim + "/mount", "/var/lib/postgresql/data"),
                        new ContainerMount(POD + "/volumes/kubernetes.io~empty-dir/scratch", "/scratch"),
                        new ContainerMount(POD + "/etc-hosts", "/etc/hosts")));
        process(12, "pod");
        size("/var/lib/postgresql/data", 10_000, 6_000, 500);
        size("/scratch", 20_000, 2_000, 0);
        readings.put("/etc/hosts", new MountReading(false, Optional.of(new FileSystemSize(20_000, 2_000, 0))));
        io(A, """
                259:1 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0
                259:5 rbytes=0 wbytes=1048576 rios=0 wios=8 dbytes=0 dios=0
                254:0 rbytes=1 wbytes=1 rios=1 wios=1 dbytes=0 dios=0
                """);
        start();

        MetricTable table = settled();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText().write(new Snapshot(now, now, Map.of(), List.of(table)), ExpositionFormat.TEXT_0_0_4, out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(FIXTURES.resolve("export/disks-of-a-pod.txt")));
    }

    @Test
    void mountIsShownOnceSomethingWasWrittenThereAndStaysWhenTheFileIsClosed() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of());
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        io(A, "254:0 rbytes=0 wbytes=512 rios=0 wios=1 dbytes=0 dios=0\n");
        start();
        assertThat(rows(settled())).isEmpty();

        written.add(new WrittenMount(CGROUP_A, 263, new DeviceNumber(254, 0)));
        turn(Duration.ofSeconds(5));
        Map<String, Long> expected = Map.of(
                "size", 100L, "used", 60L, "reserved", 5L, "reads", 0L, "read", 0L, "writes", 1L, "written", 512L);
        assertThat(rows(settled())).isEqualTo(Map.of("/docker/web vda /data dir", expected));

        written.clear();
        turn(Duration.ofSeconds(60));
        assertThat(rows(settled())).isEqualTo(Map.of("/docker/web vda /data dir", expected));
    }

    @Test
    void unmountedIsNoLongerShown() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of(new ContainerMount("/srv/host dir", "/data dir")));
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        start();
        assertThat(mountPoints(settled())).containsExactly("/data dir");

        Files.copy(
                FIXTURES.resolve("procfs/mountinfo/host-vda"),
                root.resolve("proc/12/mountinfo"),
                StandardCopyOption.REPLACE_EXISTING);
        turn(Duration.ofSeconds(31));
        assertThat(mountPoints(settled())).isEmpty();
    }

    @Test
    void sizesAndCountersFollowTheKernel() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of(new ContainerMount("/srv/host dir", "/data dir")));
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        io(A, "254:0 rbytes=0 wbytes=512 rios=0 wios=1\n");
        start();
        settled();

        size("/data dir", 100, 70, 5);
        io(A, "254:0 rbytes=4096 wbytes=1024 rios=1 wios=2\n");
        turn(Duration.ofSeconds(31));
        Eventually.within(
                SOON,
                () -> assertThat(rows(turn(Duration.ofSeconds(5))))
                        .isEqualTo(Map.of(
                                "/docker/web vda /data dir",
                                Map.of(
                                        "size",
                                        100L,
                                        "used",
                                        70L,
                                        "reserved",
                                        5L,
                                        "reads",
                                        1L,
                                        "read",
                                        4096L,
                                        "writes",
                                        2L,
                                        "written",
                                        1024L))));
    }

    @Test
    void containerWithoutIoAccountingHasSizesAlone() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of(new ContainerMount("/srv/host dir", "/data dir")));
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        start();

        assertThat(rows(settled()))
                .isEqualTo(Map.of("/docker/web vda /data dir", Map.of("size", 100L, "used", 60L, "reserved", 5L)));
    }

    @Test
    void endedContainerKeepsItsLastValuesUntilItIsForgotten() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of(new ContainerMount("/srv/host dir", "/data dir")));
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        io(A, "254:0 rbytes=0 wbytes=512 rios=0 wios=1\n");
        start();
        Map<String, Map<String, Long>> alive = rows(settled());

        Files.delete(root.resolve("cgroup/docker/" + A + "/io.stat"));
        turn(Duration.ofSeconds(5));
        registry.cgroupRemoved(CGROUP_A);
        assertThat(rows(turn(Duration.ofSeconds(60)))).isEqualTo(alive).isNotEmpty();

        now = now.plus(Duration.ofMinutes(11));
        registry.tick();
        assertThat(rows(turn(Duration.ofSeconds(60)))).isEmpty();
    }

    @Test
    void ofTwoContainersOfOneNameTheYoungerRunningOneIsShown() throws Exception {
        List<ContainerMount> mounts = List.of(new ContainerMount("/srv/host dir", "/data dir"));
        container(A, CGROUP_A, "web", 12, mounts);
        container(B, CGROUP_B, "web", 13, mounts);
        process(12, "docker");
        process(13, "docker");
        size("/data dir", 100, 60, 5);
        io(A, "254:0 rbytes=0 wbytes=1 rios=0 wios=1\n");
        io(B, "254:0 rbytes=0 wbytes=2 rios=0 wios=1\n");
        start();
        assertThat(rows(settled()).get("/docker/web vda /data dir")).containsEntry("written", 2L);

        registry.cgroupRemoved(CGROUP_B);
        assertThat(rows(turn(Duration.ofSeconds(5))).get("/docker/web vda /data dir"))
                .containsEntry("written", 1L);
    }

    @Test
    void hangingFileSystemLosesItsSizesAndKeepsItsCounters() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of());
        process(12, "docker");
        written.add(new WrittenMount(CGROUP_A, 263, new DeviceNumber(254, 0)));
        io(A, "254:0 rbytes=0 wbytes=512 rios=0 wios=1\n");
        CountDownLatch latch = new CountDownLatch(1);
        hanging.put("/data dir", latch);
        start();
        turn(Duration.ofSeconds(1));
        Eventually.within(SOON, () -> assertThat(asked).contains("/data dir"));
        turn(Duration.ofSeconds(3));

        Map<String, Long> counters = Map.of("reads", 0L, "read", 0L, "writes", 1L, "written", 512L);
        assertThat(rows(settled())).isEqualTo(Map.of("/docker/web vda /data dir", counters));
        // Once for the call that hangs, and once for each that was not made because of it.
        assertThat(collector.drops().get("hanging_file_system")).isPositive();

        size("/data dir", 100, 60, 5);
        hanging.clear();
        latch.countDown();
        Eventually.within(
                SOON,
                () -> assertThat(rows(turn(Duration.ofSeconds(1))).get("/docker/web vda /data dir"))
                        .containsEntry("used", 60L)
                        .containsAllEntriesOf(counters));
    }

    @Test
    void mountsAreBoundedPerContainerAndTogether() throws Exception {
        List<ContainerMount> all = List.of(
                new ContainerMount("/a", "/data dir"),
                new ContainerMount("/b", "/named"),
                new ContainerMount("/c", "/etc/hosts"),
                new ContainerMount("/d", "/etc/hostname"));
        container(A, CGROUP_A, "one", 12, all);
        container(B, CGROUP_B, "two", 13, all);
        process(12, "docker");
        process(13, "docker");
        for (ContainerMount mount : all) {
            size(mount.destination(), 100, 60, 5);
        }
        start();

        assertThat(rows(settled())).hasSize(5);
        assertThat(collector.drops()).containsEntry("mounts_of_container", 2L).containsEntry("mounts", 1L);
    }

    @Test
    void withoutBpfTheFilesOfItsProcessesAreLookedAt() throws Exception {
        withoutBpf = true;
        container(A, CGROUP_A, "web", 12, List.of());
        process(12, "docker");
        size("/named", 100, 60, 5);
        Path process = root.resolve("proc/12");
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("fdinfo"));
        Files.createSymbolicLink(process.resolve("fd/3"), Path.of("/named/file"));
        Files.writeString(process.resolve("fdinfo/3"), "pos:\t0\nflags:\t0100001\nmnt_id:\t264\n");
        start();

        assertThat(mountPoints(settled())).containsExactly("/named");
        assertThat(collector.degraded())
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("no BPF here"));
        assertThat(collector.probe()).isEmpty();
    }

    @Test
    void withoutACgroupTreeItIsOff() throws Exception {
        Files.delete(root.resolve("cgroup/cgroup.controllers"));

        assertThatThrownBy(this::start)
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("no cgroup file system");
        assertThatThrownBy(collector::collect).isInstanceOf(CollectorUnavailableException.class);
    }

    @Test
    void readingIsRareOnceEverythingIsKnown() throws Exception {
        container(A, CGROUP_A, "web", 12, List.of(new ContainerMount("/srv/host dir", "/data dir")));
        process(12, "docker");
        size("/data dir", 100, 60, 5);
        CountDownLatch latch = new CountDownLatch(1);
        hanging.put("/data dir", latch);
        start();
        turn(Duration.ofSeconds(1));
        assertThat(collector.interval()).isEqualTo(Duration.ZERO);

        latch.countDown();
        settled();
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void containerWithoutProcessesIsNotWaitedFor() throws Exception {
        registry.cgroupCreated(CGROUP_A, new CgroupPath("/docker/" + A));
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, A), Optional.of(ContainerMetadata.EMPTY.withName("web")));
        start();

        assertThat(turn(Duration.ofSeconds(1)).size()).isZero();
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
    }
}
