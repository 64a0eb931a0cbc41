package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What real containers use and may use, against what the kernel says of them. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerResourcesIT {
    private static final String CPU = "container_resources_cpu_usage_seconds_total";
    private static final String THROTTLED = "container_resources_cpu_throttled_seconds_total";
    private static final String CPU_LIMIT = "container_resources_cpu_limit_cores";
    private static final String RSS = "container_resources_memory_rss_bytes";
    private static final String CACHE = "container_resources_memory_cache_bytes";
    private static final String MEMORY_LIMIT = "container_resources_memory_limit_bytes";
    private static final String CPU_PRESSURE = "container_resources_cpu_pressure_waiting_seconds_total";

    /** Some tenths of a second of a processor. */
    private static final String LOOPS = "i=0; while [ $i -lt 600000 ]; do i=$((i + 1)); done; ";

    private static final Duration SOON = Duration.ofSeconds(60);

    private final DockerEngine docker;
    private final AgentProcess agent;

    ContainerResourcesIT(DockerEngine docker) {
        this.docker = docker;
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    private OptionalDouble value(String metric, Container container) {
        return agent.scrape().value(metric, "container_id", "/docker/" + container.name());
    }

    private void becomes(String metric, Container container, double expected, double tolerance) {
        Eventually.within(
                SOON, () -> assertThat(value(metric, container).orElseThrow()).isCloseTo(expected, within(tolerance)));
    }

    @Test
    void cpuTimeOfABusyLoopIsTheKernels() {
        Container busy = docker.start("res-busy", List.of("--cpus=0.5"), "sh", "-c", "while :; do :; done");
        KernelAccounts kernel = KernelAccounts.of(busy);
        Eventually.within(SOON, () -> assertThat(value(CPU, busy).orElseThrow()).isGreaterThan(1.0));

        double before = kernel.cpuSeconds();
        Eventually.within(SOON, () -> assertThat(value(CPU, busy).orElseThrow()).isGreaterThanOrEqualTo(before));
        double shown = value(CPU, busy).orElseThrow();
        assertThat(shown).isLessThanOrEqualTo(kernel.cpuSeconds());
        // Beside the loop there is the start of the container, by its runtime.
        assertThat(kernel.processSeconds()).isGreaterThan(shown * 0.9 - 0.2);
        assertThat(value(CPU_LIMIT, busy)).hasValue(0.5);
        assertThat(value(MEMORY_LIMIT, busy)).isEmpty();
        busy.remove();
    }

    @Test
    void throttlingMadeOnPurposeIsSeenToItsEnd() {
        // Less than the machine gives it however busy that is.
        Container throttled = docker.start(
                "res-throttled",
                List.of("--cpus=0.05"),
                "sh",
                "-c",
                "timeout 5 sh -c 'while :; do :; done'; echo over; sleep 1000");
        throttled.awaitOutput("over");
        KernelAccounts kernel = KernelAccounts.of(throttled);
        // What is left of the last period.
        Eventually.within(SOON, () -> {
            double first = kernel.throttledSeconds();
            Thread.sleep(500);
            assertThat(kernel.throttledSeconds()).isEqualTo(first).isGreaterThan(1.0);
        });

        becomes(THROTTLED, throttled, kernel.throttledSeconds(), 1e-6);
        becomes(CPU, throttled, kernel.cpuSeconds(), 0.02);
        assertThat(value(CPU_LIMIT, throttled)).hasValue(0.05);
        Optional<Double> waited = kernel.cpuPressureSeconds();
        if (waited.isPresent()) {
            assertThat(waited.get()).isGreaterThan(0.5);
            assertThat(agent.scrape()
                            .value(CPU_PRESSURE, "container_id", "/docker/res-throttled", "kind", "some")
                            .orElseThrow())
                    .isCloseTo(waited.get(), within(0.2));
        } else {
            assertThat(agent.scrape().series(CPU_PRESSURE)).isEmpty();
        }
        throttled.remove();
    }

    @Test
    void memoryOfAKnownSizeAndItsLimit() {
        // dd has read 32 MiB and cannot get rid of them.
        Container holder = docker.start(
                "res-memory",
                List.of("--memory=64m"),
                "sh",
                "-c",
                "dd if=/dev/zero bs=33554432 count=1 2>/dev/null | sleep 1000");

        Eventually.within(
                SOON,
                () -> assertThat(value(RSS, holder).orElseThrow())
                        .isCloseTo(33_554_432.0, Percentage.withPercentage(10)));
        assertThat(value(MEMORY_LIMIT, holder)).hasValue(67_108_864);
        assertThat(value(CPU_LIMIT, holder)).isEmpty();
        holder.remove();
    }

    @Test
    void pageCacheOfAFileOfAKnownSize() {
        Container writer = docker.start(
                "res-cache", "sh", "-c", "dd if=/dev/zero of=/file bs=1048576 count=24 2>/dev/null; sleep 1000");

        Eventually.within(
                SOON,
                () -> assertThat(value(CACHE, writer).orElseThrow())
                        .isCloseTo(25_165_824.0, Percentage.withPercentage(10)));
        assertThat(value(RSS, writer).orElseThrow()).isBetween(1.0, 8e6);
        writer.remove();
    }

    @Test
    void containerThatEndedKeepsItsLastCountsAndNoMemory() {
        Container brief = docker.start("res-brief", "sh", "-c", LOOPS + "echo over; exec sleep 1000")
                .awaitOutput("over");
        double used = KernelAccounts.of(brief).cpuSeconds();
        assertThat(used).isGreaterThan(0.1);
        becomes(CPU, brief, used, 0.05);
        docker.docker(List.of("kill", brief.name())).succeeded();

        Eventually.within(SOON, () -> assertThat(value(RSS, brief)).isEmpty());
        assertThat(value(CPU, brief).orElseThrow()).isCloseTo(used, within(0.05));
    }
}
