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
import java.util.ArrayList;
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

    private static Container server(DockerEngine docker, String name, String... published) {
        List<String> options = new ArrayList<>(List.of("--publish", "8099:8080"));
        for (String port : published) {
            options.addAll(List.of("--publish", port));
        }
        return docker.start(name, options, "/load/tcpserver", "8080").awaitOutput("ready");
    }

    private static void assertListens(AgentProcess agent, String container, String address, String proxy) {
        Eventually.within(
                Connects.SOON,
                () -> assertThat(agent.scrape()
                                .value(
                                        Connects.LISTEN,
                                        "container_id",
                                        "/docker/" + container,
                                        "listen_addr",
                                        address,
                                        "proxy",
                                        proxy))
                        .as("listener %s of %s", address, container)
                        .hasValue(1));
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
                assertListens(agent, "translated", server.ip() + ":8080", "");
                // Published on all addresses of the machine, of which loopback is one.
                assertListens(agent, "translated", "127.0.0.1:8099", "dockerd");
            }
        }
    }

    /** Containers of the same bridge reach the proxy, which connects for them; programs of the host are translated. */
    @Test
    void servedByTheProxyToo(DockerEngine docker) {
        Container server = server(docker, "proxied", "127.0.0.1:8097:8080", "[::1]:8098:8080");
        try (AgentProcess agent = agentBeside(docker)) {
            connect(docker, "beside-it", 100);
            connect(docker, "on-the-host", 200, "--network", "host");

            assertReached(agent, "beside-it", HOST + ":8099", 100);
            assertReached(agent, "on-the-host", server.ip() + ":8080", 200);
            assertListens(agent, "proxied", server.ip() + ":8080", "");
            assertListens(agent, "proxied", "127.0.0.1:8099", "dockerd");
            assertListens(agent, "proxied", "127.0.0.1:8097", "dockerd");
            assertListens(agent, "proxied", "[::1]:8098", "dockerd");
        }
    }
}
