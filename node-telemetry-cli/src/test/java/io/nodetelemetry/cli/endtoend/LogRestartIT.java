package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs are counted on when the engine or the agent starts anew, and no line is counted twice. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class LogRestartIT {
    /** Few enough lines that the engine is never killed with half of one in its hands. */
    private static final String[] SLOWLY = MIXED.writer(10_000_000, "-r", "1500");

    @Test
    void engineThatIsKilledAndStartedAnew() {
        try (DockerEngine docker = DockerEngine.startWithLiveRestore();
                AgentProcess agent = agentBeside(docker)) {
            Container container = docker.start(
                    "log-live", List.of("--network=none", "--log-opt=max-size=256k", "--log-opt=max-file=500"), SLOWLY);
            for (String signal : List.of("KILL", "TERM", "KILL")) {
                awaitSum(agent, "/docker/log-live", LogMessages.sum(agent.scrape(), "/docker/log-live") + 1_500);
                docker.end(signal);
                docker.resume();
            }
            awaitSum(agent, "/docker/log-live", LogMessages.sum(agent.scrape(), "/docker/log-live") + 1_500);
            docker.docker(List.of("kill", "--signal", "KILL", "log-live")).succeeded();
            container.awaitExit();

            Map<LogMessages.Row, Long> logged =
                    MIXED.counts(STREAMS, container.output().lines());
            assertThat(logged.values().stream().mapToLong(Long::longValue).sum())
                    .isGreaterThanOrEqualTo(6_000);
            assertCounted(agent, "/docker/log-live", logged);
        }
    }

    /** What is written while no agent runs is counted by none. */
    @Test
    void agentThatIsStartedAnew(DockerEngine docker) {
        Container container = docker.start("log-agents", MIXED.writer(8, "-s"));
        container.awaitOutput("lease of shard 7");
        Path log = Path.of(docker.docker(List.of("inspect", "--format", "{{.LogPath}}", "log-agents"))
                .succeeded()
                .out()
                .strip());
        try (AgentProcess agent = agentBeside(docker)) {
            agent.awaitOpen(log);
            append(container, 2_000);
            assertCounted(agent, "/docker/log-agents", MIXED.counts(STREAMS, 2_000));
        }
        append(container, 400);
        try (AgentProcess agent = agentBeside(docker)) {
            agent.awaitOpen(log);
            append(container, 3_000);
            assertCounted(agent, "/docker/log-agents", MIXED.counts(STREAMS, 3_000));
        }
        try (AgentProcess agent = agentBeside(docker, "--logs-from-beginning")) {
            assertCounted(
                    agent,
                    "/docker/log-agents",
                    MIXED.counts(STREAMS, container.output().lines()));
            assertThat(container.output().lines()).hasSize(5_408);
        }
    }

    /** Of a container that never stops writing each line is counted by one agent at most. */
    @Test
    void agentsThatFollowEachOtherCountNothingTwice(DockerEngine docker) {
        Container container = docker.start("log-relay", MIXED.writer(1_000_000, "-r", "3000"));
        long counted = 0;
        for (int i = 0; i < 2; i++) {
            try (AgentProcess agent = agentBeside(docker)) {
                awaitSum(agent, "/docker/log-relay", 3_000);
                counted += LogMessages.sum(agent.scrape(), "/docker/log-relay");
                assertThat(agent.terminate(Duration.ofSeconds(60))).isIn(0, 143);
            }
        }

        assertThat(counted).isBetween(6_000L, container.output().lines().count());
    }

    /** Writes into the pipe from which the engine reads what the container's first process says. */
    private static void append(Container container, int count) {
        container.exec("sh", "-c", "exec >/proc/1/fd/1; " + MIXED.shell(count));
    }
}
