package io.nodetelemetry.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.UnitProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerRegistryTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final CgroupPath DOCKER_A = new CgroupPath("/docker/" + A);
    private static final CgroupPath DOCKER_B = new CgroupPath("/docker/" + B);
    private static final ContainerKey KEY_A = new ContainerKey(ContainerRuntime.DOCKER, A);
    private static final ContainerKey KEY_B = new ContainerKey(ContainerRuntime.DOCKER, B);
    private static final CgroupPath SSH = new CgroupPath("/system.slice/ssh.service");
    private static final ContainerKey KEY_SSH = new ContainerKey(ContainerRuntime.SYSTEMD, SSH.value());
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;
    private final ContainerRegistry registry = registry(100, 100, 100, 100);

    private ContainerRegistry registry(int containers, int cgroups, int removed, int unknown) {
        return new ContainerRegistry(
                () -> now,
                new ContainerLimits(
                        containers, cgroups, removed, unknown, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    }

    private static CgroupRef v2(long id) {
        return new CgroupRef(0, id);
    }

    private static CgroupRef memory(long id) {
        return new CgroupRef(4, id);
    }

    private static Optional<ContainerMetadata> named(String name) {
        return Optional.of(ContainerMetadata.EMPTY.withName(name).withImage("img:1"));
    }

    private static Optional<ContainerId> id(String value) {
        return Optional.of(new ContainerId(value));
    }

    private Optional<ContainerId> idOf(CgroupRef ref) {
        return registry.containerOf(ref).flatMap(Container::id);
    }

    private void after(Duration time) {
        now = now.plus(time);
        registry.tick();
    }

    @Test
    void unitIsNamedAtOnce() {
        registry.cgroupCreated(v2(7), SSH);

        assertThat(idOf(v2(7))).isEqualTo(id("/system.slice/ssh.service"));
    }

    @Test
    void unitKeepsItsNameWhateverSystemdSays() {
        registry.cgroupCreated(v2(7), SSH);
        assertThat(registry.awaitsNames()).isFalse();

        registry.metadata(KEY_SSH, Optional.of(ContainerMetadata.EMPTY.withUnit(new UnitProperties("notify", ""))));

        Container unit = registry.containerOf(v2(7)).orElseThrow();
        assertThat(unit.id()).isEqualTo(id("/system.slice/ssh.service"));
        assertThat(unit.metadata().orElseThrow().unit()).contains(new UnitProperties("notify", ""));

        registry.metadata(KEY_SSH, Optional.empty());
        assertThat(unit.id()).isEqualTo(id("/system.slice/ssh.service"));
    }

    @Test
    void unitsThatDifferInEscapingAreTwo() {
        registry.cgroupCreated(v2(7), new CgroupPath("/system.slice/a-b.service"));
        registry.cgroupCreated(v2(8), new CgroupPath("/system.slice/a\\x2db.service"));

        assertThat(registry.containers())
                .extracting(container -> container.key().id())
                .containsExactly("/system.slice/a-b.service", "/system.slice/a\\x2db.service");
        assertThat(idOf(v2(8))).isEqualTo(id("/system.slice/a-b.service"));
    }

    @Test
    void containerIsWithheldUntilItsRuntimeNamesIt() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        assertThat(idOf(v2(7))).isEmpty();

        registry.metadata(KEY_A, named("web"));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/web"));
        assertThat(registry.containerOf(v2(7))
                        .orElseThrow()
                        .metadata()
                        .orElseThrow()
                        .image())
                .isEqualTo("img:1");
    }

    @Test
    void containerWithoutAnswerIsCalledByItsPathWhenTheWaitIsOver() {
        registry.cgroupCreated(v2(7), DOCKER_A);

        after(Duration.ofMillis(2_999));
        assertThat(idOf(v2(7))).isEmpty();
        after(Duration.ofMillis(1));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/" + A));
    }

    @Test
    void clockThatIsSetBackHoldsNoNameForLong() {
        registry.cgroupCreated(v2(7), DOCKER_A);

        after(Duration.ofHours(-1));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/" + A));
    }

    @Test
    void lateNameReplacesThePath() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        after(Duration.ofSeconds(4));

        registry.metadata(KEY_A, named("web"));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/web"));
    }

    @Test
    void containerThatNoRuntimeKnowsIsCalledByItsPathAtOnce() {
        registry.cgroupCreated(v2(7), DOCKER_A);

        registry.metadata(KEY_A, Optional.empty());

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/" + A));
    }

    @Test
    void nameOnceKnownSurvivesThatTheRuntimeForgetsTheContainer() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.metadata(KEY_A, named("web"));

        registry.metadata(KEY_A, Optional.empty());

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/web"));
    }

    @Test
    void emptyNameLeavesThePath() {
        registry.cgroupCreated(v2(7), DOCKER_A);

        registry.metadata(KEY_A, named(""));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/" + A));
    }

    @Test
    void containerOfAGuessedRuntimeIsNamedByThatRuntimeOrGoesByItsPath() {
        ContainerKey known = new ContainerKey(ContainerRuntime.CONTAINERD, "/default/web");
        ContainerKey unknown = new ContainerKey(ContainerRuntime.CONTAINERD, "/default/x");
        registry.cgroupCreated(v2(7), new CgroupPath("/default/web"));
        registry.cgroupCreated(v2(8), new CgroupPath("/default/x/y"));
        assertThat(registry.containers()).noneMatch(Container::observed);

        registry.metadata(known, named("web"));
        registry.metadata(unknown, Optional.empty());

        assertThat(idOf(v2(7))).isEqualTo(id("/containerd/web"));
        assertThat(idOf(v2(8))).isEqualTo(id("/default/x"));
    }

    @Test
    void podContainerIsNamedByItsLabels() {
        registry.cgroupCreated(v2(7), DOCKER_A);

        registry.metadata(
                KEY_A,
                Optional.of(ContainerMetadata.EMPTY
                        .withName("k8s_nginx_web-1_default_0")
                        .withImage("nginx:1.27")
                        .withLabels(Map.of(
                                "io.kubernetes.pod.namespace", "default",
                                "io.kubernetes.pod.name", "web-1",
                                "io.kubernetes.container.name", "nginx"))));

        assertThat(idOf(v2(7))).isEqualTo(id("/k8s/default/web-1/nginx"));
    }

    @Test
    void podSandboxIsNeverReported() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.cgroupCreated(v2(8), DOCKER_B);

        registry.metadata(
                KEY_A,
                Optional.of(ContainerMetadata.EMPTY
                        .withName("k8s_POD_web-1")
                        .withImage("pause")
                        .withLabels(Map.of("io.kubernetes.pod.name", "web-1", "io.kubernetes.container.name", "POD"))));
        registry.metadata(
                KEY_B,
                Optional.of(ContainerMetadata.EMPTY
                        .withImage("pause")
                        .withLabels(Map.of("io.kubernetes.pod.name", "web-1"))));
        after(Duration.ofMinutes(1));

        assertThat(registry.containers()).hasSize(2).allMatch(container -> container.reporting() == Reporting.HIDDEN);
        assertThat(idOf(v2(7))).isEmpty();
        assertThat(idOf(v2(8))).isEmpty();
    }

    @Test
    void cgroupsOfAllHierarchiesAndBelowAreOneContainer() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.cgroupCreated(memory(7), DOCKER_A);
        registry.cgroupCreated(memory(8), new CgroupPath(DOCKER_A + "/system.slice/x.service"));

        assertThat(registry.containers()).hasSize(1);
        Container container = registry.containerOf(memory(8)).orElseThrow();
        assertThat(container.cgroups().keySet()).containsExactly(v2(7), memory(7), memory(8));
        assertThat(registry.containerOf(v2(7))).containsSame(container);
    }

    @Test
    void containerEndsWithItsLastCgroup() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.cgroupCreated(memory(7), DOCKER_A);
        Container container = registry.containerOf(v2(7)).orElseThrow();
        now = START.plusSeconds(5);

        registry.cgroupRemoved(v2(7));
        assertThat(container.endedAt()).isEmpty();
        registry.cgroupRemoved(memory(7));

        assertThat(container.startedAt()).isEqualTo(START);
        assertThat(container.endedAt()).contains(START.plusSeconds(5));
        assertThat(container.cgroups()).isEmpty();
    }

    @Test
    void containerThatLivedForAnInstantIsStillNamedAndFoundByItsCgroup() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.cgroupRemoved(v2(7));
        registry.metadata(KEY_A, named("job"));
        after(Duration.ofMinutes(9));

        assertThat(idOf(v2(7))).isEqualTo(id("/docker/job"));
        assertThat(registry.isKnown(v2(7))).isTrue();
        assertThat(registry.isLive(v2(7))).isFalse();
    }

    @Test
    void endedContainerIsForgottenAfterTheRetention() {
        registry.cgroupCreated(v2(7), SSH);
        registry.cgroupRemoved(v2(7));
        List<Container> forgotten = new ArrayList<>();
        registry.listen(new ContainerListener() {
            @Override
            public void forgotten(Container container, Optional<Container> heir) {
                assertThat(heir).isEmpty();
                forgotten.add(container);
            }
        });

        after(Duration.ofMinutes(10));

        assertThat(forgotten).hasSize(1);
        assertThat(registry.containers()).isEmpty();
        assertThat(registry.isKnown(v2(7))).isFalse();
    }

    @Test
    void restartOfTheSameContainerRevivesIt() {
        registry.cgroupCreated(v2(7), SSH);
        Container container = registry.containerOf(v2(7)).orElseThrow();
        registry.cgroupRemoved(v2(7));
        after(Duration.ofMinutes(1));

        registry.cgroupCreated(v2(8), SSH);
        after(Duration.ofMinutes(20));

        assertThat(registry.containerOf(v2(8))).containsSame(container);
        assertThat(container.endedAt()).isEmpty();
        assertThat(registry.isKnown(v2(7))).isFalse();
    }

    @Test
    void newContainerOfTheSameNameInheritsFromTheOldOne() {
        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.metadata(KEY_A, named("web"));
        registry.cgroupRemoved(v2(7));
        registry.cgroupCreated(v2(8), DOCKER_B);
        registry.metadata(KEY_B, named("web"));
        Container young = registry.containerOf(v2(8)).orElseThrow();
        assertThat(registry.containerOf(v2(7))).isPresent().isNotEqualTo(Optional.of(young));
        List<Optional<Container>> heirs = new ArrayList<>();
        registry.listen(new ContainerListener() {
            @Override
            public void forgotten(Container container, Optional<Container> heir) {
                heirs.add(heir);
            }
        });

        after(Duration.ofMinutes(10));

        assertThat(heirs).containsExactly(Optional.of(young));
        assertThat(idOf(v2(8))).isEqualTo(id("/docker/web"));
    }

    @Test
    void metadataIsAskedForOncePerContainerAndUnit() {
        List<ContainerKey> wanted = new ArrayList<>();
        registry.listen(new ContainerListener() {
            @Override
            public void metadataWanted(ContainerKey key) {
                wanted.add(key);
            }
        });

        registry.cgroupCreated(v2(7), DOCKER_A);
        registry.cgroupCreated(memory(7), DOCKER_A);
        registry.cgroupCreated(v2(8), SSH);
        registry.cgroupCreated(memory(8), SSH);
        registry.cgroupCreated(v2(9), new CgroupPath("/mine/worker"));
        registry.cgroupCreated(v2(10), new CgroupPath("/lxc.payload.mail"));

        assertThat(wanted).containsExactly(KEY_A, KEY_SSH);
    }

    @Test
    void unknownCgroupIsHandedOutOnceForLookUp() {
        assertThat(registry.containerOf(v2(7))).isEmpty();
        assertThat(registry.containerOf(v2(7))).isEmpty();

        assertThat(registry.unresolved()).containsExactly(v2(7));
        assertThat(registry.unresolved()).isEmpty();
    }

    @Test
    void cgroupThatCannotBeFoundIsNotAskedForAgainUntilItIsReported() {
        registry.containerOf(v2(7));
        registry.cgroupNotFound(v2(7));
        registry.containerOf(v2(7));
        assertThat(registry.unresolved()).isEmpty();

        registry.cgroupCreated(v2(7), SSH);

        assertThat(idOf(v2(7))).isEqualTo(id("/system.slice/ssh.service"));
    }

    @Test
    void standaloneCgroupIsKnownAndHasNoContainer() {
        registry.cgroupCreated(v2(7), new CgroupPath("/user.slice/user-0.slice/session-1.scope"));
        registry.cgroupCreated(v2(1), CgroupPath.ROOT);

        assertThat(registry.containerOf(v2(7))).isEmpty();
        assertThat(registry.containerOf(v2(1))).isEmpty();
        assertThat(registry.unresolved()).isEmpty();
        assertThat(registry.isKnown(v2(7))).isTrue();
    }

    @Test
    void unitCountsAsObservedOnceSomethingHappensInItAndARuntimesContainerAtOnce() {
        registry.cgroupCreated(v2(7), new CgroupPath("/system.slice/dev-hugepages.mount"));
        registry.cgroupCreated(v2(8), DOCKER_A);
        assertThat(registry.containers()).extracting(Container::observed).containsExactly(false, true);

        registry.containerOf(v2(7));

        assertThat(registry.containers()).extracting(Container::observed).containsExactly(true, true);
    }

    @Test
    void walkFindsWhatALostEventHidAndEndsWhatIsGone() {
        registry.cgroupCreated(v2(7), SSH);
        registry.cgroupCreated(new CgroupRef(9, 7), SSH);
        registry.cgroupCreated(memory(3), new CgroupPath("/user.slice"));

        registry.reconcile(Map.of(v2(8), DOCKER_A), Set.of(0, 4), (ref, path) -> false);

        assertThat(registry.isLive(v2(7))).isFalse();
        assertThat(registry.isLive(memory(3))).isFalse();
        assertThat(registry.isLive(new CgroupRef(9, 7))).isTrue();
        assertThat(registry.isLive(v2(8))).isTrue();
    }

    @Test
    void lateNewsOfACgroupThatIsGoneDoesNotReviveIt() {
        registry.cgroupCreated(v2(7), SSH);
        registry.reconcile(Map.of(), Set.of(0), (ref, path) -> false);

        registry.cgroupCreated(v2(7), SSH);
        registry.cgroupRemoved(v2(7));

        assertThat(registry.isLive(v2(7))).isFalse();
        assertThat(registry.containers()).hasSize(1);
    }

    @Test
    void newContainerTakesThePlaceOfTheOneThatEndedFirst() {
        ContainerRegistry small = registry(2, 100, 100, 100);
        small.cgroupCreated(v2(1), new CgroupPath("/system.slice/a.service"));
        small.cgroupCreated(v2(2), new CgroupPath("/system.slice/b.service"));
        small.cgroupRemoved(v2(2));
        small.cgroupRemoved(v2(1));

        small.cgroupCreated(v2(3), new CgroupPath("/system.slice/c.service"));

        assertThat(small.containers().stream().map(Container::toString))
                .containsExactly("/system.slice/a.service", "/system.slice/c.service");
        assertThat(small.drops()).containsEntry("ended_containers", 1L).containsEntry("running_containers", 0L);
    }

    @Test
    void runningContainersAreNotDisplacedAndTheOverflowIsCounted() {
        ContainerRegistry small = registry(1, 100, 100, 100);
        small.cgroupCreated(v2(1), new CgroupPath("/system.slice/a.service"));

        small.cgroupCreated(v2(2), new CgroupPath("/system.slice/b.service"));

        assertThat(small.containers()).hasSize(1);
        assertThat(small.drops()).containsEntry("running_containers", 1L);
    }

    @Test
    void tablesOfCgroupsAreBoundedAndCountWhatDidNotFit() {
        ContainerRegistry small = registry(100, 2, 2, 2);
        for (int i = 0; i < 3; i++) {
            small.cgroupCreated(v2(i), new CgroupPath("/system.slice/" + i + ".service"));
        }
        assertThat(small.isKnown(v2(2))).isFalse();
        assertThat(small.drops()).containsEntry("cgroups", 1L);

        for (int round = 0; round < 2; round++) {
            for (int i = 10 * round; i < 10 * round + 2; i++) {
                small.cgroupCreated(v2(i), SSH);
                small.cgroupRemoved(v2(i));
            }
        }
        assertThat(small.drops()).containsEntry("removed_cgroups", 2L);

        for (int i = 100; i < 105; i++) {
            small.containerOf(v2(i));
        }
        assertThat(small.unresolved()).containsExactly(v2(100), v2(101));
        assertThat(small.drops()).containsEntry("unknown_cgroups", 3L);
    }

    @Test
    void pathDerivedIdTellsTheRuntime() {
        assertThat(new ContainerKey(ContainerRuntime.PODMAN, A).pathDerivedId().value())
                .isEqualTo("/podman/" + A);
        assertThat(new ContainerKey(ContainerRuntime.LXC, "web").pathDerivedId().value())
                .isEqualTo("/lxc/web");
        assertThat(new ContainerKey(ContainerRuntime.OTHER, "/yarn/c1")
                        .pathDerivedId()
                        .value())
                .isEqualTo("/yarn/c1");
    }
}
