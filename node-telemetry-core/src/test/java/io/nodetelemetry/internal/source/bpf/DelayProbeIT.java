package io.nodetelemetry.internal.source.bpf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.TaskDelays;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real tasks that wait for each other, in a cgroup of their own, against what they read of themselves. */
@RequiresKernel
final class DelayProbeIT {
    private static final Pattern RESULT = Pattern.compile("tasks=(\\d+) run_delay_nanos=(\\d+)");

    private final TestCgroup cgroup = TestCgroup.create("delays");

    @AfterEach
    void removeCgroup() {
        cgroup.close();
    }

    private static DelayProbe open() throws Exception {
        return DelayProbe.open(Libbpf.load(), 1_024);
    }

    /** Runs {@code waiter} in the cgroup and compares the sum with its own. */
    private void assertCompleteTo(double lowest, double highest, String load) throws Exception {
        try (DelayProbe probe = open()) {
            // However many processors there are, more tasks than two of them can run.
            Process waiter =
                    cgroup.start("taskset -c 0,1 " + LoadDriver.folder().resolve("waiter") + " " + load);
            List<Long> shown = new ArrayList<>();
            while (waiter.isAlive()) {
                shown.add(
                        probe.read().getOrDefault(cgroup.ref(), TaskDelays.NONE).runNanos());
                Thread.sleep(100);
            }
            Matcher own = RESULT.matcher(new String(waiter.getInputStream().readAllBytes(), UTF_8));
            assertThat(own.find()).isTrue();
            double waited = Long.parseLong(own.group(2));

            Eventually.within(Duration.ofSeconds(60), () -> {
                TaskDelays sum = probe.read().getOrDefault(cgroup.ref(), TaskDelays.NONE);
                assertThat(sum.living()).isZero();
                assertThat(sum.ended()).isEqualTo(Long.parseLong(own.group(1)));
                assertThat(sum.runNanos() / waited).isBetween(lowest, highest);
            });
            assertThat(shown).anyMatch(nanos -> nanos > 0).allMatch(nanos -> nanos / waited <= highest);
            assertThat(probe.drops()).containsEntry("delay_row", 0L);
        }
    }

    @Test
    void everyProcessThatEndedIsInTheSumHoweverShortItsLife() throws Exception {
        assertCompleteTo(0.98, 1.02, "procs 1200 5 8");
    }

    /** Threads cannot be asked once they are dead: what they wait for while they die comes on top. */
    @Test
    void everyThreadThatEndedIsInTheSumWhileItsProcessGoesOn() throws Exception {
        assertCompleteTo(0.98, 1.15, "threads 400 20 6");
    }

    @Test
    void tasksThatLiveAreInTheSum() throws Exception {
        List<Process> loops = new ArrayList<>();
        try (DelayProbe probe = open()) {
            for (int i = 0; i < 3; i++) {
                loops.add(cgroup.start("taskset -c 0 sh -c 'while :; do :; done'"));
            }
            Thread.sleep(1_000);

            long before = TestCgroup.runDelay(loops);
            TaskDelays sum = probe.read().getOrDefault(cgroup.ref(), TaskDelays.NONE);
            long after = TestCgroup.runDelay(loops);

            assertThat(sum.living()).isEqualTo(3);
            assertThat(sum.ended()).isZero();
            assertThat(sum.runNanos()).isBetween(before, after);
            assertThat(sum.runNanos()).isGreaterThan(Duration.ofSeconds(1).toNanos());
        } finally {
            for (Process loop : loops) {
                loop.destroyForcibly().waitFor();
            }
        }
    }

    /** As when the kernel skips the program: the task ended before there was one. */
    @Test
    void aTaskWhoseExitWasMissedIsBookedWhenItIsFreed() throws Exception {
        Process parent = cgroup.start("sh -c 'true & exec cat'");
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(parent.children())
                        .singleElement()
                        .satisfies(child -> assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/stat")))
                                .contains(") Z ")));
        try (DelayProbe probe = open()) {
            assertThat(probe.read().getOrDefault(cgroup.ref(), TaskDelays.NONE).living())
                    .as("the zombie is not among the living")
                    .isEqualTo(1);
            parent.getOutputStream().close();
            assertThat(parent.waitFor()).isZero();

            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(probe.read()
                                    .getOrDefault(cgroup.ref(), TaskDelays.NONE)
                                    .ended())
                            .isEqualTo(2));
        }
    }

    @Test
    void whatIsRemovedIsHandedOutOnce() throws Exception {
        try (DelayProbe probe = open()) {
            assertThat(cgroup.start("true").waitFor()).isZero();
            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(probe.read()
                                    .getOrDefault(cgroup.ref(), TaskDelays.NONE)
                                    .ended())
                            .isEqualTo(1));

            assertThat(probe.remove(cgroup.ref()))
                    .hasValueSatisfying(gone -> assertThat(gone.ended()).isEqualTo(1));
            assertThat(probe.remove(cgroup.ref())).isEmpty();
            assertThat(probe.read()).doesNotContainKey(cgroup.ref());
        }
    }

    @Test
    void programsAndMapsAreTold() throws Exception {
        try (DelayProbe probe = open()) {
            int cgroups = probe.read().size();
            assertThat(probe.hasBlockDelays()).isTrue();
            assertThat(probe.programs())
                    .extracting(BpfProbe.Program::name, BpfProbe.Program::hook)
                    .containsExactly(
                            tuple("task_exited", "tp_btf"),
                            tuple("task_freed", "tp_btf"),
                            tuple("sum_living_tasks", "iter"));
            assertThat(probe.fills())
                    .anySatisfy(fill -> assertThat(fill.entries()).isCloseTo(cgroups, within(5L)));
        }
    }
}
