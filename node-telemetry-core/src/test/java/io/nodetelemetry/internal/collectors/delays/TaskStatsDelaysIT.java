package io.nodetelemetry.internal.collectors.delays;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same as for BPF: real tasks that wait for each other, against what they read of themselves. */
@RequiresKernel
final class TaskStatsDelaysIT {
    private static final Pattern RESULT = Pattern.compile("tasks=(\\d+) run_delay_nanos=(\\d+)");

    private final TestCgroup cgroup = TestCgroup.create("taskstats");

    @AfterEach
    void removeCgroup() {
        cgroup.close();
    }

    private static TaskStatsDelays open() throws Exception {
        return TaskStatsDelays.unstarted(new CollectorContext(
                InstantSource.system(), Path.of("/proc"), Path.of("/sys"), Path.of("/sys/fs/cgroup")));
    }

    private void assertCompleteTo(double lowest, double highest, String load) throws Exception {
        try (TaskStatsDelays source = open()) {
            source.start();
            assertCompleteTo(lowest, highest, load, source);
        }
    }

    private void assertCompleteTo(double lowest, double highest, String load, DelaySource source) throws Exception {
        CgroupRef ref = cgroup.ref();
        source.read();
        Process waiter = cgroup.start(LoadDriver.folder().resolve("waiter") + " " + load);
        List<Long> shown = new ArrayList<>();
        while (waiter.isAlive()) {
            shown.add(source.read().getOrDefault(ref, TaskDelays.NONE).runNanos());
            Thread.sleep(200);
        }
        Matcher own = RESULT.matcher(new String(waiter.getInputStream().readAllBytes(), UTF_8));
        assertThat(own.find()).isTrue();
        double waited = Long.parseLong(own.group(2));

        Eventually.within(Duration.ofSeconds(10), () -> {
            TaskDelays sum = source.read().getOrDefault(ref, TaskDelays.NONE);
            String drops = source.drops().toString();
            assertThat(sum.living()).as(drops).isZero();
            assertThat(sum.ended()).as(drops).isEqualTo(Long.parseLong(own.group(1)));
            assertThat(sum.runNanos() / waited).as(drops).isBetween(lowest, highest);
        });
        assertThat(shown).isSorted().anyMatch(nanos -> nanos > 0);
        assertThat(source.drops()).containsEntry("exits_overflow", 0L).containsEntry("processes", 0L);
    }

    @Test
    void everyProcessThatEndedIsInTheSumHoweverShortItsLife() throws Exception {
        assertCompleteTo(0.96, 1.02, "procs 1200 5 8");
    }

    @Test
    void everyThreadThatEndedIsInTheSumWhileItsProcessGoesOn() throws Exception {
        assertCompleteTo(0.96, 1.08, "threads 400 5 6");
    }

    /** The listener may be late: then a pass must not forget whom it no longer sees before it has heard the last words. */
    @Test
    void whoIsGoneBeforeTheListenerWokeIsCountedOnce() throws Exception {
        try (TaskStatsDelays source = open()) {
            assertCompleteTo(0.96, 1.02, "procs 200 5 8", source);
        }
    }

    @Test
    void tasksThatLiveAreInTheSum() throws Exception {
        List<Process> loops = new ArrayList<>();
        try (TaskStatsDelays source = open()) {
            source.start();
            for (int i = 0; i < 3; i++) {
                loops.add(cgroup.start("taskset -c 0 sh -c 'while :; do :; done'"));
            }
            Thread.sleep(1_000);

            long before = TestCgroup.runDelay(loops);
            TaskDelays sum = source.read().getOrDefault(cgroup.ref(), TaskDelays.NONE);
            long after = TestCgroup.runDelay(loops);

            assertThat(sum.living()).isEqualTo(3);
            assertThat(sum.runNanos()).isBetween(before, after);
            assertThat(sum.runNanos()).isGreaterThan(Duration.ofSeconds(1).toNanos());
        } finally {
            for (Process loop : loops) {
                loop.destroyForcibly().waitFor();
            }
        }
    }
}
