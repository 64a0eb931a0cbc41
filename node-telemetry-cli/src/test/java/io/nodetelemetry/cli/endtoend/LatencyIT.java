package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Round-trip times of real containers, by the agent as it is delivered. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class LatencyIT {
    private static final String LATENCY = "container_net_latency_seconds";
    /** A round of all containers takes 10 s, and two of them must go by without an answer before a series goes. */
    private static final Duration ROUNDS = Duration.ofMinutes(2);

    private static final Duration SOON = Duration.ofSeconds(60);

    private static OptionalDouble latency(AgentProcess agent, String container, String destination) {
        return agent.scrape().value(LATENCY, "container_id", "/docker/" + container, "destination_ip", destination);
    }

    private static void assertMeasured(AgentProcess agent, String container, String destination) {
        Eventually.within(
                ROUNDS,
                () -> assertThat(latency(agent, container, destination).orElse(0))
                        .as("%s to %s", container, destination)
                        .isBetween(1e-6, 0.1));
    }

    private static Container client(DockerEngine docker, String name, List<String> options, String... hosts) {
        StringBuilder script = new StringBuilder();
        for (String host : hosts) {
            script.append("/load/tcpclient connect ").append(host).append(" 8080 3 1; ");
        }
        return docker.start(name, options, "sh", "-c", script + "echo connected; exec sleep 1000")
                .awaitOutput("connected");
    }

    @Test
    void destinationsAreMeasuredUntilTheyAreGone(DockerEngine docker) {
        docker.docker(List.of("network", "create", "--ipv6", "--subnet", "fd77:1a7e::/64", "latency"))
                .succeeded();
        List<String> options = List.of("--network", "latency");
        try {
            Container near = docker.start("latency-near", options, "/load/tcpserver", "8080", "::")
                    .awaitOutput("ready");
            Container gone = docker.start("latency-gone", options, "/load/tcpserver", "8080")
                    .awaitOutput("ready");
            String ip = near.ip();
            String ipv6 = near.ipv6();
            String goneIp = gone.ip();

            try (AgentProcess agent = Connects.agentBeside(docker)) {
                client(docker, "latency-client", options, ip, ipv6, goneIp, "127.0.0.1");

                assertMeasured(agent, "latency-client", ip);
                assertMeasured(agent, "latency-client", ipv6);
                assertMeasured(agent, "latency-client", goneIp);
                Scrape scrape = agent.scrape();
                assertThat(scrape.series(LATENCY, "container_id", "/docker/latency-client"))
                        .hasSize(3);
                assertThat(scrape.series(LATENCY, "container_id", "/docker/latency-near"))
                        .isEmpty();
                assertThat(scrape.value("node_telemetry_collector_up", "collector", "ping", "reason", ""))
                        .hasValue(1);

                gone.remove();

                Eventually.within(
                        ROUNDS,
                        () -> assertThat(latency(agent, "latency-client", goneIp))
                                .isEmpty());
                assertThat(latency(agent, "latency-client", ip)).isPresent();
                assertThat(latency(agent, "latency-client", ipv6)).isPresent();
            }
        } finally {
            docker.removeAll();
            docker.docker(List.of("network", "rm", "latency"));
        }
    }

    @Test
    void nobodyIsPingedWhereThatIsForbidden(DockerEngine docker) {
        Container server =
                docker.start("unpinged-server", "/load/tcpserver", "8080").awaitOutput("ready");
        try (AgentProcess agent = Connects.agentBeside(docker, "--no-ping-upstreams")) {
            client(docker, "unpinged-client", List.of(), server.ip());
            Connects.assertSoon(agent, Connects.SUCCESSFUL, "unpinged-client", server.ip() + ":8080", 3);

            assertThat(agent.scrape().series("node_telemetry_collector_up", "collector", "ping"))
                    .isEmpty();
            assertThat(Command.run(List.of(
                                    System.getProperty("java.home") + "/bin/jcmd",
                                    Long.toString(agent.pid()),
                                    "Thread.print"))
                            .succeeded()
                            .out())
                    .contains("\"nodetelemetry-state\"")
                    .doesNotContain("nodetelemetry-ping");
            assertThat(agent.scrape().series(LATENCY)).isEmpty();
        }
    }

    @Test
    void missingPrivilegeIsToldAndCostsRoundTripTimesAlone(DockerEngine docker) {
        Container server =
                docker.start("unprivileged-server", "/load/tcpserver", "8080").awaitOutput("ready");
        try (AgentProcess agent = AgentProcess.startBy(
                List.of("setpriv", "--bounding-set=-net_raw"), "--docker-socket=" + docker.socket())) {
            client(docker, "unprivileged-client", List.of(), server.ip());
            Connects.assertSoon(agent, Connects.SUCCESSFUL, "unprivileged-client", server.ip() + ":8080", 3);

            Eventually.within(
                    SOON,
                    () -> assertThat(agent.scrape().series("node_telemetry_collector_up", "collector", "ping"))
                            .singleElement()
                            .satisfies(row ->
                                    assertThat(row.labels().get("reason")).contains("EPERM", "CAP_NET_RAW")));
            assertThat(agent.scrape().sum("node_telemetry_drops_total", "source", "ping", "reason", "forbidden"))
                    .isPositive();
            assertThat(agent.scrape().series(LATENCY)).isEmpty();
        }
    }
}
