package io.nodetelemetry.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Which events make a restart. */
final class BeginningsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final CgroupPath UNIT = new CgroupPath("/system.slice/web.service");

    private final ContainerRegistry registry =
            new ContainerRegistry(() -> NOW, ContainerLimits.of(1_000, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final Map<Container, Long> restarts = new HashMap<>();
    private long nextId = 100;

    @BeforeEach
    void listen() {
        registry.listen(new ContainerListener() {
            @Override
            public void restarted(Container container) {
                restarts.merge(container, 1L, Long::sum);
            }
        });
    }

    private long restartsOf(String name) {
        long sum = 0;
        for (Map.Entry<Container, Long> entry : restarts.entrySet()) {
            if (Optional.of(new ContainerId(name))
                    .equals(Optional.ofNullable(entry.getKey().name()))) {
                sum += entry.getValue();
            }
        }
        return sum;
    }

    private CgroupRef create(int hierarchy, CgroupPath path) {
        CgroupRef ref = new CgroupRef(hierarchy, nextId++);
        registry.cgroupCreated(ref, path);
        return ref;
    }

    private CgroupRef create(CgroupPath path) {
        return create(0, path);
    }

    private static String id(int number) {
        return "%064x".formatted(number);
    }

    private static CgroupPath docker(int number) {
        return new CgroupPath("/docker/" + id(number));
    }

    private void name(int number, String name) {
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, id(number)),
                Optional.of(ContainerMetadata.EMPTY.withName(name)));
    }

    @Test
    void firstBeginningIsNone() {
        create(UNIT);
        create(4, UNIT);

        assertThat(restarts).isEmpty();
    }

    @Test
    void unitThatGetsANewCgroupIsRestartedHoweverFast() {
        CgroupRef current = create(UNIT);
        for (int i = 0; i < 5; i++) {
            registry.cgroupRemoved(current);
            current = create(UNIT);
        }

        assertThat(restartsOf(UNIT.value())).isEqualTo(5);
    }

    @Test
    void cgroupsBelowThatComeAndGoAreNone() {
        create(UNIT);
        for (int i = 0; i < 3; i++) {
            registry.cgroupRemoved(create(new CgroupPath(UNIT + "/worker")));
        }

        assertThat(restarts).isEmpty();
    }

    @Test
    void cgroupsOfManyHierarchiesAreOneContainer() {
        for (int run = 0; run < 3; run++) {
            List<CgroupRef> made = new ArrayList<>();
            for (int hierarchy = 0; hierarchy < 12; hierarchy++) {
                made.add(create(hierarchy, docker(1)));
            }
            made.forEach(registry::cgroupRemoved);
        }
        name(1, "web");

        assertThat(restartsOf("/docker/web")).isEqualTo(2);
    }

    @Test
    void unitInASliceThatStaysIsRestarted() {
        String slice = "/system.slice/system-postgresql.slice";
        create(new CgroupPath(slice));
        CgroupRef first = create(new CgroupPath(slice + "/postgresql@15-main.service"));
        registry.cgroupRemoved(first);
        create(new CgroupPath(slice + "/postgresql@15-main.service"));
        create(new CgroupPath(slice + "/postgresql@16-main.service"));

        assertThat(restartsOf(slice)).isEqualTo(1);
        assertThat(registry.containers()).hasSize(1);
    }

    @Test
    void cgroupOfUnknownMakeIsRestartedWhenItIsPopulatedAgain() {
        CgroupPath path = new CgroupPath("/batch/worker");
        CgroupRef v2 = create(path);
        CgroupRef memory = create(4, path);
        for (int run = 0; run < 3; run++) {
            registry.cgroupPopulated(v2, true);
            registry.cgroupPopulated(memory, true);
            registry.cgroupPopulated(v2, false);
            registry.cgroupPopulated(memory, false);
        }

        assertThat(restartsOf("/batch/worker")).isEqualTo(2);
    }

    @Test
    void cgroupOfUnknownMakeThatRanBeforeTheAgentEndsAndBeginsOnce() {
        CgroupRef ref = create(new CgroupPath("/batch/worker"));
        registry.cgroupPopulated(ref, false);
        registry.cgroupRemoved(ref);
        CgroupRef next = create(new CgroupPath("/batch/worker"));
        registry.cgroupPopulated(next, true);

        assertThat(restartsOf("/batch/worker")).isEqualTo(1);
    }

    @Test
    void unitBetweenTwoProcessesIsNotRestarted() {
        CgroupRef ref = create(UNIT);
        registry.cgroupPopulated(ref, false);
        registry.cgroupPopulated(ref, true);
        registry.cgroupPopulated(new CgroupRef(0, 1), true);

        assertThat(restarts).isEmpty();
    }

    @Test
    void anotherContainerOfTheNameIsARestartWhenTheFirstHadEnded() {
        registry.cgroupRemoved(create(docker(1)));
        name(1, "web");
        create(docker(2));
        name(2, "web");

        assertThat(restartsOf("/docker/web")).isEqualTo(1);
    }

    @Test
    void namesThatComeLateAndOutOfOrderChangeNothing() {
        registry.cgroupRemoved(create(docker(1)));
        registry.cgroupRemoved(create(docker(2)));
        create(docker(3));
        name(3, "web");
        name(1, "web");
        name(2, "web");

        assertThat(restartsOf("/docker/web")).isEqualTo(2);
    }

    @Test
    void containersOfANameSideBySideAreNoRestarts() {
        CgroupRef first = create(docker(1));
        name(1, "web");
        create(docker(2));
        name(2, "web");
        registry.cgroupRemoved(first);
        create(docker(1));

        assertThat(restarts).isEmpty();
    }

    @Test
    void restartWhoseEventsWereLostIsSeenByTheWalk() {
        create(UNIT);
        create(4, UNIT);

        registry.reconcile(
                Map.of(new CgroupRef(0, 1), UNIT, new CgroupRef(4, 1), UNIT), Set.of(0, 4), (ref, path) -> false);

        assertThat(restartsOf(UNIT.value())).isEqualTo(1);
    }

    @Test
    void cgroupThatTheWalkMissedThoughItIsThereDoesNotEnd() {
        CgroupRef ref = create(UNIT);

        registry.reconcile(Map.of(), Set.of(0), (asked, path) -> asked.equals(ref) && path.equals(UNIT));

        assertThat(registry.isLive(ref)).isTrue();
    }

    @Test
    void eventsThatComeAfterTheWalkSawTheirOutcomeCountNothingTwice() {
        CgroupRef old = create(UNIT);
        CgroupRef current = new CgroupRef(0, 1);
        registry.reconcile(Map.of(current, UNIT), Set.of(0), (ref, path) -> false);

        registry.cgroupRemoved(old);
        registry.cgroupCreated(current, UNIT);

        assertThat(restartsOf(UNIT.value())).isEqualTo(1);
    }

    /** Any order of cgroups that come and go, in two hierarchies, of containers that share a few names known at once. */
    @RepeatedTest(200)
    void anyInterleavingAgreesWithTheModel(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Model model = new Model();
        Map<List<Integer>, CgroupRef> live = new HashMap<>();
        long last = 0;
        for (int step = 0; step < 200; step++) {
            int container = random.nextInt(6);
            List<Integer> cgroup = List.of(container, random.nextInt(2));
            String name = "n" + container % 3;
            CgroupRef existing = live.remove(cgroup);
            if (existing == null) {
                live.put(cgroup, create(cgroup.get(1), docker(container)));
                name(container, name);
            } else {
                registry.cgroupRemoved(existing);
            }
            model.set(name, cgroup, existing == null);
            long sum = restarts.values().stream().mapToLong(Long::longValue).sum();
            assertThat(sum).isGreaterThanOrEqualTo(last);
            last = sum;
        }
        model.restarts.forEach((name, expected) ->
                assertThat(restartsOf("/docker/" + name)).as(name).isEqualTo(expected));
    }

    /** A third of the events is lost: each walk makes up for it, and nothing is counted that did not happen. */
    @RepeatedTest(100)
    void lostEventsAreRepairedByTheWalk(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Model model = new Model();
        Map<CgroupRef, CgroupPath> truth = new HashMap<>();
        for (int step = 0; step < 200; step++) {
            CgroupPath unit = new CgroupPath("/system.slice/u" + random.nextInt(4) + ".service");
            boolean heard = random.nextInt(3) > 0;
            boolean lived = truth.containsValue(unit);
            if (!lived) {
                CgroupRef ref = new CgroupRef(0, nextId++);
                truth.put(ref, unit);
                if (heard) {
                    registry.cgroupCreated(ref, unit);
                }
            } else {
                CgroupRef ref = truth.keySet().stream()
                        .filter(live -> unit.equals(truth.get(live)))
                        .findFirst()
                        .orElseThrow();
                truth.remove(ref);
                if (heard) {
                    registry.cgroupRemoved(ref);
                }
            }
            model.set(unit.value(), List.of(0), !lived);
            if (step % 10 == 9) {
                registry.reconcile(truth, Set.of(0), (ref, path) -> truth.containsKey(ref));
                Map<CgroupRef, CgroupPath> live = new HashMap<>();
                registry.containers().forEach(container -> live.putAll(container.cgroups()));
                assertThat(live).isEqualTo(truth);
            }
        }
        model.restarts.forEach(
                (name, happened) -> assertThat(restartsOf(name)).as(name).isBetween(1L, happened));
    }

    /** Containers that follow each other, some of which run several times, and whose names come whenever they like. */
    @RepeatedTest(200)
    void namesThatComeAtAnyTimeAgreeWithTheModel(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Model model = new Model();
        List<Integer> unnamed = new ArrayList<>();
        for (int container = 0; container < 20; container++) {
            String name = "n" + container % 2;
            unnamed.add(container);
            for (int run = random.nextInt(3); run >= 0; run--) {
                CgroupRef ref = create(docker(container));
                model.set(name, List.of(container), true);
                registry.cgroupRemoved(ref);
                model.set(name, List.of(container), false);
            }
            while (!unnamed.isEmpty() && random.nextInt(3) == 0) {
                Integer learned = unnamed.get(random.nextInt(unnamed.size()));
                unnamed.removeIf(learned::equals);
                name(learned, "n" + learned % 2);
            }
        }
        unnamed.forEach(container -> name(container, "n" + container % 2));

        model.restarts.forEach((name, expected) ->
                assertThat(restartsOf("/docker/" + name)).as(name).isEqualTo(expected));
    }

    /** A name is alive while any cgroup of it is; it restarts when it comes alive again. */
    private static final class Model {
        private final Map<String, Set<List<Integer>>> alive = new HashMap<>();
        private final Map<String, Long> restarts = new HashMap<>();

        void set(String name, List<Integer> cgroup, boolean lives) {
            Set<List<Integer>> cgroups = alive.computeIfAbsent(name, key -> new HashSet<>());
            if (!lives) {
                cgroups.remove(cgroup);
            } else if (cgroups.isEmpty()) {
                restarts.merge(name, restarts.containsKey(name) ? 1L : 0L, Long::sum);
                cgroups.add(cgroup);
            } else {
                cgroups.add(cgroup);
            }
        }
    }
}
