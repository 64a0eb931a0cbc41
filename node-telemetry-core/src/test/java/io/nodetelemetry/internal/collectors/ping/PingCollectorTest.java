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
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ContainerId WEB = new ContainerId("/system.slice/web.service");
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

    private void start(String processes) throws Exception {
        Files.createFile(cgroups.resolve("cgroup.controllers"));
        Path directory = Files.createDirectories(cgroups.resolve("system.slice/web.service"));
        Files.writeString(directory.resolve("cgroup.procs"), processes);
        CgroupRef ref = new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
        registry.cgroupCreated(ref, new CgroupPath("/system.slice/web.service"));
        assertThat(registry.containerOf(ref)).isPresent();
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
    void containerWithoutAProcessIsCountedAndNoReason() throws Exception {
        start("7\n");

        assertThat(collector.collect().getFirst().size()).isZero();

        Eventually.within(
                SOON, () -> assertThat(collector.drops().get("namespace_gone")).isPositive());
        assertThat(collector.degraded()).isEmpty();
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
