package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A container that is not reported has no series at all, in any family. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class SelectionIT {
    private static final Duration OLD_ENOUGH = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A container that listens and publishes a port, and another that connects to it: series of every kind. */
    private static void live(DockerEngine docker, String name) {
        Container server = docker.start(
                        name, List.of("--publish", "18099"), "sh", "-c", "/load/tcpserver 8080; sleep 1000")
                .awaitOutput("ready");
        docker.run(name + "-client", "/load/tcpclient", "connect", server.ip(), "8080", "10", "1");
    }

    private static List<Scrape.Series> seriesOf(Scrape scrape, String name) {
        return scrape.samples().keySet().stream()
                .filter(series ->
                        series.labels().getOrDefault("container_id", "").contains(name))
                .toList();
    }

    private static void assertReported(AgentProcess agent, String id, double connects) {
        Eventually.within(LIMIT, () -> {
            Scrape scrape = agent.scrape();
            assertThat(scrape.value("container_info", "container_id", id)).hasValue(1);
            assertThat(scrape.sum(Connects.SUCCESSFUL, "container_id", id)).isEqualTo(connects);
        });
    }

    @Test
    void deniedContainersHaveNoSeriesAndAllowedOnesHaveAll(DockerEngine docker) {
        try (AgentProcess agent =
                Connects.agentBeside(docker, "--container-allowlist=^/docker/sel-", "--container-denylist=secret")) {
            live(docker, "sel-open");
            live(docker, "sel-secret");
            live(docker, "other");

            assertReported(agent, "/docker/sel-open-client", 10);
            Eventually.within(LIMIT, () -> {
                Scrape scrape = agent.scrape();
                assertThat(scrape.value("node_telemetry_containers", "state", "unnamed"))
                        .hasValue(0);
                assertThat(scrape.sum("node_telemetry_containers", "state", "hidden"))
                        .isGreaterThanOrEqualTo(4);
            });
            Scrape scrape = agent.scrape();
            assertThat(seriesOf(scrape, "/docker/sel-open")).isNotEmpty();
            assertThat(seriesOf(scrape, "secret")).isEmpty();
            assertThat(seriesOf(scrape, "other")).isEmpty();
            assertThat(scrape.samples().keySet())
                    .filteredOn(series -> series.labels().containsKey("container_id"))
                    .allMatch(series ->
                            series.labels().getOrDefault("container_id", "").startsWith("/docker/sel-open"));
        }
    }

    @Test
    void youngContainersAppearWithAllThatHappenedBefore(DockerEngine docker) {
        try (AgentProcess agent = Connects.agentBeside(docker, "--min-container-age=" + OLD_ENOUGH.toSeconds() + "s")) {
            Container server =
                    docker.start("young-server", "/load/tcpserver", "8080").awaitOutput("ready");
            long begin = System.nanoTime();
            docker.start(
                            "young-client",
                            "sh",
                            "-c",
                            "/load/tcpclient connect " + server.ip() + " 8080 25 1; exec sleep 1000")
                    .awaitOutput("made=25");
            docker.docker(List.of("restart", "--time", "0", "young-client")).succeeded();
            Eventually.within(
                    LIMIT,
                    () -> assertThat(agent.scrape().sum("node_telemetry_containers", "state", "young"))
                            .isGreaterThanOrEqualTo(2));
            List<Scrape.Series> early = seriesOf(agent.scrape(), "young-client");
            if (System.nanoTime() - begin < OLD_ENOUGH.toNanos()) {
                assertThat(early).isEmpty();
            }

            assertReported(agent, "/docker/young-client", 50);

            assertThat(agent.scrape().value("container_restarts_total", "container_id", "/docker/young-client"))
                    .hasValue(1);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(OLD_ENOUGH);
        }
    }
}
