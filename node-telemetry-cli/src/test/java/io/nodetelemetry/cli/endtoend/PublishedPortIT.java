package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ports that Docker publishes: dialled at the host's address, they reach a container. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class PublishedPortIT {
    /** The engine's own address on its bridge. */
    private static final String HOST = "172.17.0.1";

    private static Container server(DockerEngine docker, String name) {
        return docker.start(name, List.of("--publish", "8099:8080"), "/load/tcpserver", "8080")
                .awaitOutput("ready");
    }

    private static void connect(DockerEngine docker, String name, int count, String... options) {
        docker.run(name, List.of(options), "/load/tcpclient", "connect", HOST, "8099", String.valueOf(count), "2");
    }

    private static void assertReached(AgentProcess agent, String container, String actual, double expected) {
        String[] labels = {"container_id", "/docker/" + container, "destination", HOST + ":8099"};
        Eventually.within(Connects.SOON, () -> {
            assertThat(agent.scrape().sum(SUCCESSFUL, labels)).isEqualTo(expected);
            assertThat(agent.scrape().series(SUCCESSFUL, labels))
                    .extracting(series -> series.labels().get("actual_destination"))
                    .containsExactly(actual);
        });
    }

    @Test
    void translatedByTheKernelAlone() {
        try (DockerEngine docker = DockerEngine.startWithoutProxy()) {
            Container server = server(docker, "translated");
            try (AgentProcess agent = agentBeside(docker)) {
                connect(docker, "other-container", 300);
                connect(docker, "on-the-host", 200, "--network", "host");

                assertReached(agent, "other-container", server.ip() + ":8080", 300);
                assertReached(agent, "on-the-host", server.ip() + ":8080", 200);
            }
        }
    }

    /** Containers of the same bridge reach the proxy, which connects for them; programs of the host are translated. */
    @Test
    void servedByTheProxyToo(DockerEngine docker) {
        Container server = server(docker, "proxied");
        try (AgentProcess agent = agentBeside(docker)) {
            connect(docker, "beside-it", 100);
            connect(docker, "on-the-host", 200, "--network", "host");

            assertReached(agent, "beside-it", HOST + ":8099", 100);
            assertReached(agent, "on-the-host", server.ip() + ":8080", 200);
        }
    }
}
