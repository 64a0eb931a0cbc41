package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The agent beside the tests' Docker engine, and what its TCP metrics say about a container. */
final class Connects {
    static final String SUCCESSFUL = "container_net_tcp_successful_connects_total";
    static final String FAILED = "container_net_tcp_failed_connects_total";
    static final String ABANDONED = "container_net_tcp_abandoned_connects_total";
    static final String ACTIVE = "container_net_tcp_active_connections";
    static final String LISTEN = "container_net_tcp_listen_info";

    /** A scrape shows what happened within five seconds, as users are promised; a busy machine may take longer. */
    static final Duration SOON = Duration.ofSeconds(60);

    private Connects() {}

    static AgentProcess agentBeside(DockerEngine docker, String... flags) {
        List<String> all = new ArrayList<>(List.of("--docker-socket=" + docker.socket()));
        all.addAll(List.of(flags));
        return AgentProcess.start(all.toArray(String[]::new));
    }

    /** Waits until the metric has this value for the container and destination. */
    static void assertSoon(AgentProcess agent, String metric, String container, String destination, double expected) {
        Eventually.within(
                SOON,
                () -> assertThat(agent.scrape()
                                .sum(metric, "container_id", "/docker/" + container, "destination", destination))
                        .as("%s of %s to %s", metric, container, destination)
                        .isEqualTo(expected));
    }
}
