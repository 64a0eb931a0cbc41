package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.ContainerSelection;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogPlannerTest {
    private static final Instant BEGIN = Instant.parse("2026-11-23T10:00:00Z");
    private static final String HEX = "a".repeat(64);
    private static final ContainerKey DOCKER = new ContainerKey(ContainerRuntime.DOCKER, HEX);
    private static final ContainerLogFile FILE =
            new ContainerLogFile(Path.of("/var/lib/docker/containers/a-json.log"), ContainerLogFile.Format.DOCKER_JSON);

    private Instant now = BEGIN;
    private final ContainerRegistry registry = new ContainerRegistry(
            () -> now,
            ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)),
            ContainerSelection.of(List.of("secret"), List.of(), Duration.ZERO, false));
    private final LogPlanner planner = new LogPlanner(registry, false);

    private void docker() {
        registry.cgroupCreated(new CgroupRef(0, 1), new CgroupPath("/docker/" + HEX));
    }

    private void answer(String name) {
        registry.metadata(
                DOCKER, Optional.of(ContainerMetadata.EMPTY.withName(name).withLogFile(FILE)));
    }

    private LogPlan.Member onlyMember(LogPlan plan) {
        assertThat(plan.members()).hasSize(1);
        return plan.members().iterator().next();
    }

    @Test
    void containerIsInThePlanBeforeItHasANameAndItsFileComesWithIt() {
        docker();
        LogPlan.Member unnamed = onlyMember(planner.next(now, List.of()).orElseThrow());
        assertThat(unnamed.key()).isEqualTo(DOCKER);
        assertThat(unnamed.id()).isEmpty();
        assertThat(unnamed.runtimeFile()).isEmpty();

        assertThat(planner.next(now, List.of())).isEmpty();

        answer("web");
        LogPlan.Member named = onlyMember(planner.next(now, List.of()).orElseThrow());
        assertThat(named.id()).contains(new ContainerId("/docker/web"));
        assertThat(named.runtimeFile()).contains(FILE);
        assertThat(planner.next(now, List.of())).isEmpty();
    }

    @Test
    void whatRanBeforeIsBegunAtTheEndAndWhatStartsLaterAtTheStart() {
        docker();
        assertThat(onlyMember(planner.next(now, List.of()).orElseThrow()).begin())
                .isEqualTo(new LogPlan.Begin(Beginning.END, Optional.empty()));

        registry.cgroupRemoved(new CgroupRef(0, 1));
        now = now.plus(Duration.ofMinutes(11));
        registry.tick();
        assertThat(planner.next(now, List.of()).orElseThrow().members()).isEmpty();

        docker();
        assertThat(onlyMember(planner.next(now, List.of()).orElseThrow()).begin())
                .isEqualTo(new LogPlan.Begin(Beginning.START, Optional.of(now.minus(Duration.ofMinutes(1)))));
    }

    @Test
    void nothingCountsThatWasWrittenBeforeTheFirstLook() {
        assertThat(planner.next(now, List.of())).isEmpty();
        now = now.plusSeconds(5);
        docker();
        assertThat(onlyMember(planner.next(now, List.of()).orElseThrow())
                        .begin()
                        .since())
                .contains(BEGIN);
    }

    @Test
    void clockThatWasSetBackDelaysNothing() {
        assertThat(planner.next(now, List.of())).isEmpty();
        now = now.minus(Duration.ofHours(1));
        docker();
        assertThat(onlyMember(planner.next(now, List.of()).orElseThrow())
                        .begin()
                        .since())
                .contains(now.minus(Duration.ofMinutes(1)));
    }

    @Test
    void fromTheBeginningEverythingCounts() {
        LogPlanner all = new LogPlanner(registry, true);
        docker();
        assertThat(onlyMember(all.next(now, List.of()).orElseThrow()).begin())
                .isEqualTo(new LogPlan.Begin(Beginning.START, Optional.empty()));
    }

    @Test
    void hiddenContainerIsNoMember() {
        docker();
        planner.next(now, List.of());
        answer("secret");
        LogPlan plan = planner.next(now, List.of()).orElseThrow();
        assertThat(plan.members()).isEmpty();
        assertThat(plan.isHidden(DOCKER)).isTrue();
        assertThat(planner.next(now, List.of())).isEmpty();
    }

    @Test
    void endedContainerStaysUntilItIsForgotten() {
        docker();
        answer("web");
        planner.next(now, List.of());
        registry.cgroupRemoved(new CgroupRef(0, 1));
        assertThat(onlyMember(planner.next(now, List.of()).orElseThrow()).ended())
                .isTrue();
        assertThat(planner.next(now, List.of())).isEmpty();
        now = now.plus(Duration.ofMinutes(11));
        registry.tick();
        assertThat(planner.next(now, List.of()).orElseThrow().contains(DOCKER)).isFalse();
    }
}
