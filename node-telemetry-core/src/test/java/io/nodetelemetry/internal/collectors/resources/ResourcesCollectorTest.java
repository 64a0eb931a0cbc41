package io.nodetelemetry.internal.collectors.resources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.export.ExpositionFormat;
import io.nodetelemetry.internal.export.PrometheusText;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesCollectorTest {
    private static final Path FIXTURES = Path.of("src/test/resources/cgroupfs");
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final CgroupRef FIRST = new CgroupRef(0, 1);

    @TempDir
    private Path host = Path.of("");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final ResourcesCollector collector = new ResourcesCollector(registry, Duration.ofSeconds(5));

    @AfterEach
    void close() {
        collector.close();
    }

    private void start(Path on) throws CollectorUnavailableException {
        collector.start(new CollectorContext(() -> now, on.resolve("proc"), on.resolve("sys"), on.resolve("cgroup")));
    }

    private void name(String id, String name) {
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, id), Optional.of(ContainerMetadata.EMPTY.withName(name)));
    }

    private void write(String file, String content) throws IOException {
        Path path = host.resolve("cgroup").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void startEmptyV2() throws Exception {
        write("cgroup.controllers", "cpu memory\n");
        start(host);
        assertThat(cpuSeconds()).isEmpty();
    }

    private static String text(List<MetricTable> tables) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText()
                .write(new Snapshot(Instant.EPOCH, Instant.EPOCH, Map.of(), tables), ExpositionFormat.TEXT_0_0_4, out);
        return out.toString(UTF_8);
    }

    private Map<String, Double> column(int family) throws CollectorUnavailableException {
        MetricTable table = collector.collect().getFirst();
        Map<String, Double> values = new TreeMap<>();
        for (int row = 0; row < table.size(); row++) {
            if (table.isPresent(family, row)) {
                values.put(table.labels(row).get(0), table.doubleValue(family, row));
            }
        }
        return values;
    }

    private Map<String, Double> cpuSeconds() throws CollectorUnavailableException {
        return column(0);
    }

    private Map<String, Double> rssBytes() throws CollectorUnavailableException {
        return column(3);
    }

    private void readYoung() throws Exception {
        try (var young = collector.readYoung()) {
            assertThat(young.collect()).isEmpty();
        }
    }

    @Test
    void filesOfAPureV2HostAreTheseMetrics() throws Exception {
        start(FIXTURES.resolve("v2-docker"));
        registry.cgroupCreated(FIRST, new CgroupPath("/system.slice/docker-" + A + ".scope"));
        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/system.slice/docker-" + B + ".scope"));
        registry.cgroupCreated(new CgroupRef(0, 3), new CgroupPath("/system.slice/docker.service"));
        assertThat(registry.containerOf(new CgroupRef(0, 3))).isPresent();
        name(A, "limited");
        name(B, "free");

        assertThat(text(collector.collect())).isEqualTo(Files.readString(FIXTURES.resolve("v2-docker/resources.txt")));
    }

    @Test
    void filesOfAHybridHostAreTheseMetrics() throws Exception {
        start(FIXTURES.resolve("hybrid-docker"));
        for (int hierarchy : new int[] {0, 1, 4}) {
            registry.cgroupCreated(new CgroupRef(hierarchy, 1), new CgroupPath("/docker/" + A));
            registry.cgroupCreated(new CgroupRef(hierarchy, 2), new CgroupPath("/docker/" + B));
        }
        name(A, "limited");
        name(B, "free");

        assertThat(text(collector.collect()))
                .isEqualTo(Files.readString(FIXTURES.resolve("hybrid-docker/resources.txt")));
    }

    @Test
    void endedContainerKeepsItsCountsAndHoldsNothing() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1500000\n");
        write("docker/" + A + "/memory.stat", "anon 4096\nfile_mapped 0\nfile 0\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "job");
        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/job", 1.5));
        assertThat(rssBytes()).containsExactly(Map.entry("/docker/job", 4096.0));

        registry.cgroupRemoved(FIRST);

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/job", 1.5));
        assertThat(rssBytes()).isEmpty();
        now = now.plus(Duration.ofMinutes(11));
        registry.tick();
        assertThat(cpuSeconds()).isEmpty();
    }

    @Test
    void filesThatVanishBeforeTheNewsOfItLeaveTheLastCount() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "job");
        assertThat(cpuSeconds()).hasSize(1);

        write("docker/" + A + "/cpu.stat", "");

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/job", 1.0));
    }

    @Test
    void containerThatLivesBriefIsReadMeanwhile() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 100\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        readYoung();
        write("docker/" + A + "/cpu.stat", "usage_usec 2000000\n");
        now = now.plus(Duration.ofSeconds(2));
        readYoung();
        registry.cgroupRemoved(FIRST);
        readYoung();
        name(A, "brief");

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/brief", 2.0));
    }

    @Test
    void containerIsYoungForTenSecondsAndAgainWhenItStartsAgain() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "web");
        readYoung();
        now = now.plus(Duration.ofSeconds(11));
        write("docker/" + A + "/cpu.stat", "usage_usec 3000000\n");
        readYoung();
        registry.cgroupRemoved(FIRST);
        assertThat(cpuSeconds()).as("not read when it was old").containsExactly(Map.entry("/docker/web", 1.0));

        write("docker/" + A + "/cpu.stat", "usage_usec 500000\n");
        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/docker/" + A));
        readYoung();
        registry.cgroupRemoved(new CgroupRef(0, 2));
        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 0.5));
    }

    @Test
    void newRunIsYoungThoughNobodySawTheOldOneEnd() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "web");
        readYoung();
        now = now.plus(Duration.ofSeconds(11));
        registry.cgroupRemoved(FIRST);
        write("docker/" + A + "/cpu.stat", "usage_usec 250000\n");
        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/docker/" + A));

        readYoung();
        registry.cgroupRemoved(new CgroupRef(0, 2));

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 0.25));
    }

    @Test
    void whatRunsAtTheStartIsNotYoung() throws Exception {
        write("cgroup.controllers", "cpu\n");
        write("docker/" + A + "/cpu.stat", "usage_usec 1000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "web");
        start(host);
        assertThat(cpuSeconds()).hasSize(1);

        write("docker/" + A + "/cpu.stat", "usage_usec 2000000\n");
        readYoung();
        registry.cgroupRemoved(FIRST);

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 1.0));
    }

    @Test
    void ofTwoWithOneNameTheYoungerRunningOneIsShown() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1000000\n");
        write("docker/" + B + "/cpu.stat", "usage_usec 2000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/docker/" + B));
        name(A, "web");
        name(B, "web");

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 2.0));
        registry.cgroupRemoved(new CgroupRef(0, 2));
        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 1.0));
        registry.cgroupRemoved(FIRST);
        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/web", 2.0));
    }

    @Test
    void withheldHiddenAndEmptyOnesAreNotShown() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1\n");
        write("system.slice/tmp.mount/cpu.stat", "usage_usec 1\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/system.slice/tmp.mount"));

        assertThat(cpuSeconds()).as("without a name, without a process").isEmpty();
        name(A, "web");
        assertThat(cpuSeconds()).containsOnlyKeys("/docker/web");
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, A),
                Optional.of(ContainerMetadata.EMPTY
                        .withName("k8s_POD_web-0_default_0_0")
                        .withLabels(Map.of(
                                "io.kubernetes.pod.name", "web-0",
                                "io.kubernetes.pod.namespace", "default",
                                "io.kubernetes.container.name", "POD",
                                "io.kubernetes.docker.type", "podsandbox"))));
        assertThat(cpuSeconds()).as("a sandbox").isEmpty();
    }

    @Test
    void labelsAreTheSameObjectsFromTurnToTurn() throws Exception {
        startEmptyV2();
        write("docker/" + A + "/cpu.stat", "usage_usec 1\n");
        write("docker/" + A + "/io.pressure", "some total=1\nfull total=0\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "web");
        List<MetricTable> first = collector.collect();
        List<MetricTable> second = collector.collect();

        for (int table = 0; table < 2; table++) {
            assertThat(second.get(table).labels(0)).isSameAs(first.get(table).labels(0));
        }
        assertThat(first.getLast().labels(1)).isEqualTo(Labels.of("/docker/web", "full"));
        assertThat(first.getLast().isPresent(2, 1)).as("zero is a value").isTrue();
        assertThat(first.getLast().isPresent(0, 1)).isFalse();
    }

    @Test
    void oneUnreadableContainerIsCountedAndTheOthersAreShown() throws Exception {
        startEmptyV2();
        Files.createDirectories(host.resolve("cgroup/docker/" + A + "/cpu.stat"));
        write("docker/" + B + "/cpu.stat", "usage_usec 1000000\n");
        registry.cgroupCreated(FIRST, new CgroupPath("/docker/" + A));
        name(A, "bad");
        assertThatThrownBy(collector::collect)
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessageEndingWith("/cpu.stat: EISDIR; run the agent as root");

        registry.cgroupCreated(new CgroupRef(0, 2), new CgroupPath("/docker/" + B));
        name(B, "good");

        assertThat(cpuSeconds()).containsExactly(Map.entry("/docker/good", 1.0));
        assertThat(collector.drops()).containsExactly(Map.entry("unreadable_container", 2L));
        assertThat(collector.degraded().orElseThrow()).contains(A + "/cpu.stat: EISDIR");
    }

    @Test
    void hostWithoutCgroupsIsAReasonWithARemedy() {
        assertThatThrownBy(() -> start(host))
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("mount the host's /sys/fs/cgroup there or set the cgroup root");
    }
}
