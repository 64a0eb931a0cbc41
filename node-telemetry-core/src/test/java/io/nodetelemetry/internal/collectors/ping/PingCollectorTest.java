package io.nodetelemetry.internal.collectors.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing can be asked. */
class PingCollectorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ContainerId WEB = new ContainerId("/system.slice/web.service");
    private static final ContainerId DATABASE = new ContainerId("/system.slice/db.service");
    private static final PingCollector.Config EVERY_SECOND =
            new PingCollector.Config(Duration.ofSeconds(1), Duration.ofMillis(100), 100, 1_000);

    @TempDir
    Path cgroups;

    @TempDir
    Path proc;

    private final ContainerRegistry registry =
            new ContainerRegistry(() -> NOW, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private Peers peers = visitor -> visitor.peer(WEB, TargetChoiceTest.address("10.0.0.1", 80), 1);
    private final PingCollector collector = new PingCollector(EVERY_SECOND, registry, visitor -> peers.visit(visitor));

    private void unit(String name, String processes) throws Exception {
        Path directory = Files.createDirectories(cgroups.resolve("system.slice/" + name));
        Files.writeString(directory.resolve("cgroup.procs"), processes);
        CgroupRef ref = new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
        registry.cgroupCreated(ref, new CgroupPath("/system.slice/" + name));
        assertThat(registry.containerOf(ref)).isPresent();
    }

    private void start(String processes) throws Exception {
        Files.createFile(cgroups.resolve("cgroup.controllers"));
        unit("web.service", processes);
        collector.start(new CollectorContext(() -> NOW, proc, Path.of("/sys"), cgroups));
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private static boolean runs() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("nodetelemetry-ping"));
    }

    @Test
    void processThatMayNotBeLookedAtIsAReasonWithARemedy() throws Exception {
        Files.createDirectories(proc.resolve("7"));
        start("7\n");

        assertThat(collector.collect().getFirst().size()).isZero();

        Eventually.within(
                SOON,
                () -> assertThat(collector.degraded())
                        .hasValueSatisfying(reason -> assertThat(reason)
                                .contains(WEB.value())
                                .contains("CAP_SYS_PTRACE")
                                .contains("CAP_NET_RAW")));
        assertThat(collector.drops().get("forbidden")).isPositive();
        assertThat(collector.drops().get("namespace_gone")).isZero();
    }

    @Test
    void containerThatHasEndedIsNeitherADropNorAReason() throws Exception {
        Peers web = peers;
        peers = visitor -> {
            web.visit(visitor);
            visitor.peer(DATABASE, TargetChoiceTest.address("10.0.0.1", 80), 1);
            visitor.peer(DATABASE, TargetChoiceTest.address("10.0.0.2", 80), 1);
        };
        // No process 7: this one has ended. Process 8 may not be looked at, which tells when a pass is over.
        Files.createDirectories(proc.resolve("8"));
        unit("db.service", "8\n");
        start("7\n");

        collector.collect();

        Eventually.within(SOON, () -> assertThat(collector.degraded()).isPresent());
        assertThat(collector.degraded().orElseThrow())
                .contains(DATABASE.value())
                .doesNotContain(WEB.value());
        assertThat(collector.drops().get("forbidden")).isPositive().isEven();
        assertThat(collector.drops().get("namespace_gone")).isZero();
    }

    @Test
    void thereIsNoThreadUntilThereIsSomebodyToAsk() throws Exception {
        Eventually.within(SOON, () -> assertThat(runs()).isFalse());
        peers = visitor -> {};
        start("7\n");

        collector.collect();
        assertThat(runs()).isFalse();

        peers = visitor -> visitor.peer(WEB, TargetChoiceTest.address("10.0.0.1", 80), 1);
        collector.collect();
        assertThat(runs()).isTrue();

        collector.close();
        Eventually.within(SOON, () -> assertThat(runs()).isFalse());
    }

    @Test
    void everyReasonIsThereFromTheBeginning() {
        assertThat(collector.drops())
                .containsOnlyKeys("targets", "namespace_gone", "forbidden", "unreachable", "no_room", "other")
                .allSatisfy((reason, count) -> assertThat(count).isZero());
    }
}
