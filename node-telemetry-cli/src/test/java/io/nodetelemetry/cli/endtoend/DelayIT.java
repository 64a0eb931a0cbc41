package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers that wait, made so on purpose, against what the kernel says of their processes. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DelayIT {
    private static final String CPU_DELAY = "container_resources_cpu_delay_seconds_total";
    private static final String DISK_DELAY = "container_resources_disk_delay_seconds_total";
    private static final String ENABLED = "node_telemetry_delay_accounting_enabled";
    /** Two readings of delays and some more. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Path ACCOUNTING = Path.of("/proc/sys/kernel/task_delayacct");
    private static final Pattern RESULT = Pattern.compile("tasks=(\\d+) run_delay_nanos=(\\d+)");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double TICKS_PER_SECOND = 100;
    private static final int BLKIO_TICKS = 42 - 3;

    private final DockerEngine docker;
    private final String accountingBefore;
    private final AgentProcess agent;

    /** A container's tasks keep the accounting that they were born with: so the switch comes first. */
    DelayIT(DockerEngine docker) throws IOException {
        this.docker = docker;
        accountingBefore = Files.readString(ACCOUNTING);
        Files.writeString(ACCOUNTING, "0");
        agent = Connects.agentBeside(docker, "--enable-delay-accounting");
    }

    @AfterAll
    void restore() throws IOException {
        agent.close();
        Files.writeString(ACCOUNTING, accountingBefore);
    }

    private double shown(String metric, String container) {
        return agent.scrape().sum(metric, "container_id", "/docker/" + container);
    }

    private double delaysOf(Container container) throws IOException {
        double seconds = 0;
        String processes = docker.docker(List.of("top", container.name(), "-o", "pid"))
                .succeeded()
                .out();
        for (String pid : processes.lines().skip(1).toList()) {
            String schedstat = Files.readString(Path.of("/proc/" + pid.strip() + "/schedstat"));
            seconds += Long.parseLong(schedstat.split(" ", -1)[1]) / NANOS_PER_SECOND;
        }
        return seconds;
    }

    @Test
    void accountingIsSwitchedOnWhenAskedForAndSaysSo() throws IOException {
        assertThat(Files.readString(ACCOUNTING)).isEqualToIgnoringWhitespace("1");
        assertThat(agent.err()).contains("kernel.task_delayacct was 0 and is now 1");
        assertThat(agent.scrape().value(ENABLED)).hasValue(1);
        assertThat(agent.scrape().value("node_telemetry_delay_source_info", "way", "bpf"))
                .hasValue(1);
    }

    @Test
    void threeLoopsOnOneProcessorWaitTwoThirdsOfTheTime() throws Exception {
        String loop = "while :; do :; done";
        long start = System.nanoTime();
        Container loops = docker.start(
                "delay-cpu", List.of("--cpuset-cpus", "0"), "sh", "-c", loop + " & " + loop + " & " + loop);
        Thread.sleep(4_000);
        // Frozen, they neither run nor wait, and can be compared with their own accounts.
        docker.docker(List.of("pause", loops.name())).succeeded();
        double elapsed = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double waited = delaysOf(loops);

        Eventually.within(
                SOON, () -> assertThat(shown(CPU_DELAY, "delay-cpu")).isCloseTo(waited, Percentage.withPercentage(2)));
        assertThat(waited).isBetween(4.0, 3 * elapsed);
        docker.docker(List.of("unpause", loops.name())).succeeded();
        loops.remove();
    }

    @Test
    void processesOfFiveMillisecondsAreAllCounted() {
        Matcher own = RESULT.matcher(docker.run("delay-brief", "/load/waiter", "procs", "1200", "5", "8"));
        assertThat(own.find()).isTrue();
        double waited = Long.parseLong(own.group(2)) / NANOS_PER_SECOND;

        Eventually.within(
                SOON,
                () -> assertThat(shown(CPU_DELAY, "delay-brief")).isCloseTo(waited, Percentage.withPercentage(2)));
    }

    /** Direct writes at a megabyte a second spend nearly all their time waiting for the device. */
    @Test
    void writesToAThrottledDeviceWait() throws Exception {
        for (int attempt = 1; ; attempt++) {
            String name = "delay-disk-" + attempt;
            Container writer = docker.start(
                    name,
                    List.of("--device-write-bps", deviceOfVolumes() + ":1mb", "--volume", "/v"),
                    "dd",
                    "if=/dev/zero",
                    "of=/v/f",
                    "bs=64k",
                    "count=2000",
                    "oflag=direct");
            Thread.sleep(4_000);
            // Not frozen: the freezer does not wait for the device.
            writer.signal("STOP");
            long pid = writer.pid();
            Eventually.within(SOON, () -> assertThat(stat(pid)[0]).isEqualTo("T"));
            double waited = Long.parseLong(stat(pid)[BLKIO_TICKS]) / TICKS_PER_SECOND;
            // The kernel itself errs now and then, and adds the machine's uptime.
            boolean plausible = waited < 30;
            if (plausible || attempt == 4) {
                assertThat(waited).isBetween(1.5, 30.0);
                Eventually.within(
                        SOON, () -> assertThat(shown(DISK_DELAY, name)).isCloseTo(waited, Offset.offset(0.1)));
            }
            writer.remove();
            if (plausible) {
                return;
            }
        }
    }

    /** The fields of {@code /proc/<pid>/stat} from the third on. */
    private static String[] stat(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private String deviceOfVolumes() throws IOException {
        long device = (Long) Files.getAttribute(docker.socket().resolveSibling("data"), "unix:dev");
        Path link = Path.of("/sys/dev/block/" + (device >> 8) + ":" + (device & 0xff));
        assertThat(link).as("docker's data lies on a block device").exists();
        return "/dev/" + link.toRealPath().getFileName();
    }

    @Test
    void anIdleContainerHasBothSeries() {
        docker.start("delay-idle", "sleep", "1000");

        Eventually.within(SOON, () -> {
            assertThat(agent.scrape().value(CPU_DELAY, "container_id", "/docker/delay-idle"))
                    .isPresent();
            assertThat(shown(DISK_DELAY, "delay-idle")).isCloseTo(0, within(1.0));
        });
    }
}
