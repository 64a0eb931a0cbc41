package io.nodetelemetry.internal.collectors.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.runtime.MetadataResolver;
import io.nodetelemetry.internal.runtime.RuntimeClient;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersCollectorTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @TempDir
    Path cgroups;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Runnable duringWalk = () -> {};
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final ContainersCollector collector = new ContainersCollector(
            registry,
            List.of(new Docker()),
            new ContainersCollector.Config(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    new MetadataResolver.Config(100, Duration.ofMillis(1), Duration.ofMillis(5))),
            () -> duringWalk.run());

    private final class Docker implements RuntimeClient {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public boolean serves(ContainerRuntime runtime) {
            return runtime == ContainerRuntime.DOCKER;
        }

        @Override
        public Optional<ContainerMetadata> inspect(String id) {
            return Optional.ofNullable(names.get(id))
                    .map(name -> ContainerMetadata.EMPTY.withName(name).withImage("img:1"));
        }
    }

    @BeforeEach
    void cgroup2() throws IOException {
        Files.createFile(cgroups.resolve("cgroup.controllers"));
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private void start() {
        collector.start(new CollectorContext(() -> now, Path.of("/proc"), Path.of("/sys"), cgroups));
    }

    private CgroupRef make(String path, String processes) throws IOException {
        Path directory = Files.createDirectories(cgroups.resolve(path));
        Files.writeString(directory.resolve("cgroup.procs"), processes);
        return new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
    }

    private void remove(String path) throws IOException {
        Files.delete(cgroups.resolve(path).resolve("cgroup.procs"));
        Files.delete(cgroups.resolve(path));
    }

    private Map<String, String> info() throws CollectorUnavailableException {
        MetricTable table = collector.collect().getFirst();
        Map<String, String> rows = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            assertThat(table.longValue(0, i)).isEqualTo(1);
            rows.put(table.labels(i).get(0), table.labels(i).get(1));
        }
        return rows;
    }

    private Map<String, Long> kills() throws CollectorUnavailableException {
        return rows(3);
    }

    private Map<String, Long> restarts() throws CollectorUnavailableException {
        return rows(1);
    }

    private Map<String, Long> rows(int index) throws CollectorUnavailableException {
        MetricTable table = collector.collect().get(index);
        Map<String, Long> rows = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            rows.put(table.labels(i).get(0), table.longValue(0, i));
        }
        return rows;
    }

    private void infoBecomes(Map<String, String> expected) {
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(info()).isEqualTo(expected));
    }

    @Test
    void whatRunsAtStartIsFoundAndNamed() throws Exception {
        make("docker/" + A, "7\n");
        make("system.slice/ssh.service", "8\n");
        names.put(A, "web");

        start();

        infoBecomes(Map.of("/docker/web", "img:1", "/system.slice/ssh.service", ""));
    }

    @Test
    void unitWithoutAProcessAppearsWhenItHasOne() throws Exception {
        CgroupRef ref = make("system.slice/x.service", "");
        start();
        assertThat(info()).isEmpty();

        make("system.slice/x.service", "9\n");

        assertThat(info()).containsOnlyKeys("/system.slice/x.service");
        assertThat(registry.isLive(ref)).isTrue();
    }

    @Test
    void containerThatComesAndGoesBetweenTwoReadsIsNamed() throws Exception {
        start();
        names.put(A, "job");

        collector.onCgroupCreated(new CgroupRef(0, 1L << 40), new CgroupPath("/docker/" + A));
        collector.onCgroupRemoved(new CgroupRef(0, 1L << 40));

        infoBecomes(Map.of("/docker/job", "img:1"));
    }

    @Test
    void containerThatItsRuntimeForgotGoesByItsPath() throws Exception {
        start();

        collector.onCgroupCreated(new CgroupRef(0, 1L << 40), new CgroupPath("/docker/" + A));

        infoBecomes(Map.of("/docker/" + A, ""));
    }

    @Test
    void containerOfARuntimeWithoutClientGoesByItsPathAtOnce() throws Exception {
        start();

        collector.onCgroupCreated(new CgroupRef(0, 1L << 40), new CgroupPath("/kubepods/pod1/crio-" + A));

        assertThat(info()).containsOnlyKeys("/crio/" + A);
    }

    @Test
    void lostEventsAreRepairedByTheNextWalk() throws Exception {
        make("system.slice/old.service", "7\n");
        start();
        assertThat(info()).containsOnlyKeys("/system.slice/old.service");
        // In this order: other than cgroup file systems, those of tests use an inode number again.
        CgroupRef fresh = make("system.slice/new.service", "8\n");
        remove("system.slice/old.service");

        now = now.plusSeconds(9);
        collector.collect();
        assertThat(registry.isKnown(fresh)).isFalse();
        now = now.plusSeconds(1);
        collector.collect();

        assertThat(registry.isLive(fresh)).isTrue();
        assertThat(registry.containers().stream()
                        .filter(container -> container.endedAt().isPresent()))
                .extracting(Container::toString)
                .containsExactly("/system.slice/old.service");
    }

    @Test
    void unknownCgroupIsSearchedForAtMostOnceASecond() throws Exception {
        start();
        CgroupRef fresh = make("system.slice/new.service", "8\n");
        assertThat(registry.containerOf(fresh)).isEmpty();

        now = now.plusMillis(999);
        collector.collect();
        assertThat(registry.isKnown(fresh)).isFalse();
        now = now.plusMillis(1);
        collector.collect();

        assertThat(registry.containerOf(fresh)).isPresent();
    }

    @Test
    void cgroupThatIsNotThereIsSearchedForOnce() throws Exception {
        start();
        CgroupRef gone = new CgroupRef(0, 1L << 40);
        CgroupRef elsewhere = new CgroupRef(9, 5);
        registry.containerOf(gone);
        registry.containerOf(elsewhere);
        now = now.plusSeconds(1);
        collector.collect();

        registry.containerOf(gone);
        registry.containerOf(elsewhere);

        assertThat(registry.hasUnresolved()).isFalse();
    }

    @Test
    void eventsOfHierarchiesThatAreNotWalkedArePassedOver() throws Exception {
        start();

        collector.onCgroupCreated(new CgroupRef(6, 5), new CgroupPath("/system.slice/x.service"));

        assertThat(registry.containers()).isEmpty();
    }

    @Test
    void withoutCgroupFileSystemTheEventsAreEnough() throws Exception {
        Files.delete(cgroups.resolve("cgroup.controllers"));
        start();
        assertThat(collector.degraded())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("no cgroup file system at " + cgroups));
        assertThatThrownBy(collector::collect)
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessage(collector.degraded().orElseThrow());

        collector.onCgroupCreated(new CgroupRef(6, 5), new CgroupPath("/libpod_parent/libpod-" + A));

        assertThat(info()).containsOnlyKeys("/podman/" + A);
    }

    @Test
    void cgroupFileSystemThatIsMountedLaterIsUsed() throws Exception {
        Files.delete(cgroups.resolve("cgroup.controllers"));
        start();
        make("system.slice/ssh.service", "8\n");
        Files.createFile(cgroups.resolve("cgroup.controllers"));

        now = now.plusSeconds(10);

        assertThat(info()).containsOnlyKeys("/system.slice/ssh.service");
        assertThat(collector.degraded()).isEmpty();
    }

    @Test
    void killsAreCountedByContainerAndCarriedOnByTheNextOfItsName() throws Exception {
        names.put(A, "web");
        names.put(B, "web");
        CgroupRef first = make("docker/" + A, "7\n");
        start();
        collector.onOomKill(first);
        collector.onOomKill(first);
        infoBecomes(Map.of("/docker/web", "img:1"));
        assertThat(kills()).isEqualTo(Map.of("/docker/web", 2L));

        CgroupRef second = make("docker/" + B, "8\n");
        remove("docker/" + A);
        collector.onCgroupRemoved(first);
        collector.onCgroupCreated(second, new CgroupPath("/docker/" + B));
        collector.onOomKill(second);
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(kills()).isEqualTo(Map.of("/docker/web", 3L)));
        now = now.plus(Duration.ofMinutes(11));
        collector.collect();

        assertThat(registry.containers()).hasSize(1);
        assertThat(kills()).isEqualTo(Map.of("/docker/web", 3L));
    }

    @Test
    void restartsAreReportedFromZeroOnAndCarriedOnByTheNextOfTheName() throws Exception {
        names.put(A, "web");
        names.put(B, "web");
        start();
        CgroupPath first = new CgroupPath("/docker/" + A);
        collector.onCgroupCreated(new CgroupRef(0, 1L << 40), first);
        infoBecomes(Map.of("/docker/web", "img:1"));
        assertThat(restarts()).isEqualTo(Map.of("/docker/web", 0L));

        collector.onCgroupRemoved(new CgroupRef(0, 1L << 40));
        collector.onCgroupCreated(new CgroupRef(0, 2L << 40), first);
        collector.onCgroupRemoved(new CgroupRef(0, 2L << 40));
        assertThat(restarts()).isEqualTo(Map.of("/docker/web", 1L));

        CgroupRef second = make("docker/" + B, "8\n");
        collector.onCgroupCreated(second, new CgroupPath("/docker/" + B));
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(restarts()).isEqualTo(Map.of("/docker/web", 2L)));
        now = now.plus(Duration.ofMinutes(11));
        collector.collect();

        assertThat(registry.containers()).hasSize(1);
        assertThat(restarts()).isEqualTo(Map.of("/docker/web", 2L));
    }

    @Test
    void eventsThatCameDuringTheWalkGoBeforeWhatItSaw() throws Exception {
        CgroupPath path = new CgroupPath("/system.slice/quick.service");
        CgroupRef old = make("system.slice/quick.service", "7\n");
        start();
        assertThat(restarts()).isEqualTo(Map.of(path.value(), 0L));
        CgroupRef brief = new CgroupRef(0, 1L << 40);
        CgroupRef current = new CgroupRef(0, 2L << 40);
        duringWalk = () -> {
            collector.onCgroupRemoved(old);
            collector.onCgroupCreated(brief, path);
            collector.onCgroupRemoved(brief);
            collector.onCgroupCreated(current, path);
        };

        now = now.plusSeconds(10);
        collector.collect();

        assertThat(restarts()).isEqualTo(Map.of(path.value(), 2L));
    }

    @Test
    void whatIsKnownIsCountedByState() throws Exception {
        make("system.slice/ssh.service", "8\n");
        make("system.slice/dev-hugepages.mount", "");
        start();
        CgroupRef gone = new CgroupRef(0, 1L << 40);
        collector.onCgroupCreated(gone, new CgroupPath("/libpod_parent/libpod-" + A));
        collector.onCgroupRemoved(gone);
        registry.tick();

        assertThat(rows(2))
                .isEqualTo(Map.of("reported", 1L, "empty", 1L, "ended", 1L, "unnamed", 0L, "young", 0L, "hidden", 0L));
    }

    @Test
    void killInACgroupThatNobodyReportedYetIsCountedWhenItIsFound() throws Exception {
        start();
        CgroupRef unseen = make("system.slice/greedy.service", "7\n");
        collector.onOomKill(unseen);
        collector.onOomKill(new CgroupRef(0, 1L << 40));
        assertThat(kills()).isEmpty();

        now = now.plusSeconds(1);

        assertThat(kills()).isEqualTo(Map.of("/system.slice/greedy.service", 1L));
        assertThat(collector.drops()).containsEntry("oom_kills", 1L);
    }

    @Test
    void killOutsideOfContainersIsNobodys() throws Exception {
        CgroupRef session = make("user.slice/user-0.slice/session-1.scope", "7\n");
        start();

        collector.onOomKill(session);
        now = now.plusSeconds(10);

        assertThat(kills()).isEmpty();
        assertThat(collector.drops()).containsEntry("oom_kills", 0L);
    }

    @Test
    void labelsOfARowStayTheSameObject() throws Exception {
        make("system.slice/ssh.service", "8\n");
        start();

        assertThat(collector.collect().getFirst().labels(0))
                .isSameAs(collector.collect().getFirst().labels(0));
    }

    @Test
    void startAfterCloseAsksForNamesAgain() throws Exception {
        make("docker/" + A, "7\n");
        start();
        infoBecomes(Map.of("/docker/" + A, ""));
        collector.close();
        names.put(A, "web");

        start();

        infoBecomes(Map.of("/docker/web", "img:1"));
    }

    @Test
    void everyFamilyIsInATable() throws Exception {
        start();
        List<Object> families = new ArrayList<>();
        collector.collect().forEach(table -> families.addAll(table.families()));

        assertThat(families).isEqualTo(collector.families());
    }
}
