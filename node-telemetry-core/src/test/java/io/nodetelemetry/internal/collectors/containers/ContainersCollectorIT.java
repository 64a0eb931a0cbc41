package io.nodetelemetry.internal.collectors.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.runtime.DockerClient;
import io.nodetelemetry.internal.runtime.MetadataResolver;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.procfs.ProcCgroup;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tree of this machine and a real engine; events are imitated by looking at the tree often. */
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class ContainersCollectorIT {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path PROC = Path.of("/proc");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ContainerRegistry registry = new ContainerRegistry(
            InstantSource.system(), ContainerLimits.of(4_096, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final List<ContainersCollector> started = new ArrayList<>();

    private ContainersCollector start(DockerEngine docker, Duration walkInterval) {
        ContainersCollector collector = new ContainersCollector(
                registry,
                List.of(new DockerClient(List.of(docker.socket()), DockerClient.DEFAULT_TIMEOUT)),
                new ContainersCollector.Config(walkInterval, Duration.ofSeconds(1), MetadataResolver.Config.DEFAULT),
                () -> {});
        started.add(collector);
        collector.start(new CollectorContext(InstantSource.system(), PROC, Path.of("/sys"), CGROUPS));
        return collector;
    }

    @AfterEach
    void close() {
        started.forEach(ContainersCollector::close);
    }

    private static Set<List<String>> info(ContainersCollector collector) throws Exception {
        MetricTable table = collector.collect().getFirst();
        Set<List<String>> rows = new HashSet<>();
        for (int i = 0; i < table.size(); i++) {
            rows.add(List.of(table.labels(i).get(0), table.labels(i).get(1)));
        }
        return rows;
    }

    private static void appears(ContainersCollector collector, String id) {
        Eventually.within(LIMIT, () -> assertThat(info(collector)).contains(List.of(id, "bb:1")));
    }

    private io.nodetelemetry.internal.state.Container known(Container container) {
        return registry.containers().stream()
                .filter(candidate -> candidate.key().equals(new ContainerKey(ContainerRuntime.DOCKER, container.id())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatRunsAlreadyIsNamedWithItsLabelsAndPorts(DockerEngine docker) throws Exception {
        Container web = docker.start(
                "web",
                List.of("--label", "app=demo", "--publish", "127.0.0.1:18081:81", "--publish", "0.0.0.0:18080:80"),
                "sleep",
                "600");

        ContainersCollector collector = start(docker, Duration.ofSeconds(10));
        appears(collector, "/docker/web");

        assertThat(known(web).metadata().orElseThrow().labels()).isEqualTo(Map.of("app", "demo"));
        assertThat(known(web).metadata().orElseThrow().publishedPorts())
                .extracting(SocketAddress::toString)
                .containsExactlyInAnyOrder("0.0.0.0:18080", "127.0.0.1:18081");
        assertThat(collector.drops().values()).containsOnly(0L);
        web.remove();
    }

    @Test
    void processIsFoundInTheCgroupThatItsProcFileNames(DockerEngine docker) throws Exception {
        Container web = docker.start("web", "sleep", "600");
        ContainersCollector collector = start(docker, Duration.ofSeconds(10));
        appears(collector, "/docker/web");
        CgroupTree tree = CgroupTree.open(CGROUPS, PROC);

        ProcCgroup.Entry identity = ProcCgroup.read(PROC, (int) web.pid())
                .flatMap(ProcCgroup::identity)
                .orElseThrow();
        Optional<CgroupRef> cgroup = known(web).cgroups().keySet().stream()
                .filter(ref -> ref.hierarchy() == identity.hierarchy())
                .findFirst();

        assertThat(identity.path()).isEqualTo(new CgroupPath("/docker/" + web.id()));
        assertThat(tree.processes(cgroup.orElseThrow(), identity.path())).containsExactly((int) web.pid());
        web.remove();
    }

    @Test
    void newContainerIsFoundByTheWalkAndEndsWithItsCgroups(DockerEngine docker) throws Exception {
        ContainersCollector collector = start(docker, Duration.ofMillis(200));

        Container late = docker.start("late", "sleep", "600");
        appears(collector, "/docker/late");
        assertThat(known(late).endedAt()).isEmpty();
        late.remove();

        Eventually.within(LIMIT, () -> {
            collector.collect();
            assertThat(known(late).endedAt()).isPresent();
        });
        appears(collector, "/docker/late");
    }

    @Test
    void containerThatLivesForHalfASecondIsNamed(DockerEngine docker) throws Exception {
        ContainersCollector collector = start(docker, Duration.ofHours(1));

        withEvents(collector, () -> docker.run("short", List.of("--rm"), "sleep", "0.5"));

        // The engine has forgotten it: the name was asked for while it ran.
        appears(collector, "/docker/short");
        assertThat(registry.containers())
                .filteredOn(container -> container.toString().equals("/docker/short"))
                .singleElement()
                .satisfies(container -> assertThat(container.endedAt()).isPresent());
    }

    @Test
    void containerThatIsDeletedWhileItIsInspectedHasAnIdAllTheSame(DockerEngine docker) throws Exception {
        ContainersCollector collector = start(docker, Duration.ofHours(1));

        withEvents(collector, () -> {
            for (int i = 0; i < 5; i++) {
                docker.run("gone" + i, List.of("--rm"), "true");
            }
        });

        Eventually.within(LIMIT, () -> {
            collector.collect();
            assertThat(registry.containers())
                    .filteredOn(container -> container.key().runtime() == ContainerRuntime.DOCKER)
                    .isNotEmpty()
                    .allSatisfy(container ->
                            assertThat(container.id().orElseThrow().value()).startsWith("/docker/"));
        });
    }

    /**
     * Runs an action on another thread and meanwhile stands in for the kernel's events: reports, on this thread, what
     * cgroups come and go.
     */
    private static void withEvents(ContainersCollector collector, Runnable action) throws Exception {
        CgroupTree tree = CgroupTree.open(CGROUPS, PROC);
        Map<CgroupRef, CgroupPath> known = tree.walk().found();
        CompletableFuture<Void> done = CompletableFuture.runAsync(action);
        boolean last;
        do {
            last = done.isDone();
            Map<CgroupRef, CgroupPath> found = tree.walk().found();
            for (Map.Entry<CgroupRef, CgroupPath> entry : found.entrySet()) {
                if (!known.containsKey(entry.getKey())) {
                    collector.onCgroupCreated(entry.getKey(), entry.getValue());
                }
            }
            for (CgroupRef ref : known.keySet()) {
                if (!found.containsKey(ref)) {
                    collector.onCgroupRemoved(ref);
                }
            }
            known = found;
            collector.collect();
            Thread.sleep(10);
        } while (!last);
        done.get();
    }
}
