package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Restarts are counted one by one, however fast they follow each other; and so are OOM kills. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartIT {
    private static final String RESTARTS = "container_restarts_total";
    private static final String KILLS = "container_oom_kills_total";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final DockerEngine docker;
    private final AgentProcess agent;

    RestartIT(DockerEngine docker) {
        this.docker = docker;
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    private void assertBecomes(String metric, String id, double expected) {
        Eventually.within(
                LIMIT,
                () -> assertThat(agent.scrape().value(metric, "container_id", id))
                        .as("%s of %s", metric, id)
                        .isEqualTo(OptionalDouble.of(expected)));
    }

    @Test
    void fiveRestartsByTheEngineAreFive() {
        docker.start("restart-five", "sleep", "1000");
        assertBecomes(RESTARTS, "/docker/restart-five", 0);

        for (int i = 0; i < 5; i++) {
            docker.docker(List.of("restart", "--time", "0", "restart-five")).succeeded();
        }

        assertBecomes(RESTARTS, "/docker/restart-five", 5);
    }

    @Test
    void containerThatFailsAtOnceIsRestartedThreeTimes() {
        docker.start("restart-fails", List.of("--restart", "on-failure:3"), "sh", "-c", "exit 3");
        Eventually.within(
                LIMIT,
                () -> assertThat(inspect("restart-fails", "{{.RestartCount}} {{.State.Running}}"))
                        .isEqualTo("3 false"));

        assertBecomes(RESTARTS, "/docker/restart-fails", 3);
    }

    @Test
    void anotherContainerOfTheNameIsOneRestart() {
        docker.start("restart-again", "sleep", "1000").remove();
        docker.start("restart-again", "sleep", "1000");

        assertBecomes(RESTARTS, "/docker/restart-again", 1);
    }

    @Test
    void executingInAContainerIsNoRestart() {
        var container = docker.start("restart-exec", "sleep", "1000");
        for (int i = 0; i < 3; i++) {
            container.exec("true");
        }
        docker.docker(List.of("restart", "--time", "0", "restart-exec")).succeeded();

        assertBecomes(RESTARTS, "/docker/restart-exec", 1);
    }

    /** A cgroup that nobody removes: what runs in it comes and goes. */
    @Test
    void cgroupOfUnknownMakeRestartsWithItsProcesses() throws Exception {
        String name = "nt-restart-it-" + ProcessHandle.current().pid();
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path top = (Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup")).resolve(name);
        // Deep, so that no v1 hierarchy of the test's own process is deeper.
        Path group = Files.createDirectories(top.resolve("a/b/c/d/e"));
        String id = "/" + name + "/a/b/c/d/e";
        try {
            for (int i = 0; i < 4; i++) {
                assertThat(runIn(group)).isZero();
            }

            assertBecomes(RESTARTS, id, 3);
        } finally {
            for (String each : List.of("a/b/c/d/e", "a/b/c/d", "a/b/c", "a/b", "a", "")) {
                Eventually.within(LIMIT, () -> Files.deleteIfExists(top.resolve(each)));
            }
        }
    }

    private static int runIn(Path group) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "read go; /bin/true; exit 0").start();
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(shell.pid()));
        shell.getOutputStream().write('\n');
        shell.getOutputStream().flush();
        return shell.waitFor();
    }

    /** The victim's cgroup is gone a moment after the kill. */
    @Test
    void twentyKillsInARowAreTwenty() {
        for (int i = 0; i < 20; i++) {
            Command killed = docker.docker(List.of(
                    "run",
                    "--rm",
                    "--name",
                    "restart-oom",
                    "--memory",
                    "16m",
                    "--memory-swap",
                    "16m",
                    "bb:1",
                    "sh",
                    "-c",
                    "sleep 0.5; exec tail /dev/zero"));
            assertThat(killed.exitCode()).isEqualTo(137);
        }

        assertBecomes(KILLS, "/docker/restart-oom", 20);
        assertBecomes(RESTARTS, "/docker/restart-oom", 19);
        assertThat(agent.scrape().sum("node_telemetry_drops_total", "reason", "oom_kills"))
                .isZero();
    }

    @Test
    void containerWithoutAKillHasNoSuchSeries() {
        docker.start("restart-healthy", "sleep", "1000");
        assertBecomes(RESTARTS, "/docker/restart-healthy", 0);

        assertThat(agent.scrape().series(KILLS, "container_id", "/docker/restart-healthy"))
                .isEmpty();
    }

    private String inspect(String name, String format) {
        return docker.docker(List.of("inspect", "--format", format, name))
                .succeeded()
                .out()
                .strip();
    }
}
