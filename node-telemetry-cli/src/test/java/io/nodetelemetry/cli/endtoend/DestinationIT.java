package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static io.nodetelemetry.cli.endtoend.Connects.assertSoon;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which destinations are tracked, and how they are written. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class DestinationIT {
    @Test
    void ipv6IsWrittenInBracketsAndIpv4MappedAsIpv4(DockerEngine docker) {
        network(docker, "six", "--ipv6", "--subnet", "fd77:7e1e::/64");
        List<String> options = List.of("--network", "six");
        Container server = docker.start("six-server", options, "/load/tcpserver", "8080", "::")
                .awaitOutput("ready");
        String ipv6 = server.ipv6();

        try (AgentProcess agent = agentBeside(docker)) {
            docker.run("six-client", options, "/load/tcpclient", "connect", ipv6, "8080", "30", "2");
            docker.run("six-refused", options, "/load/tcpclient", "refused", ipv6, "9", "7", "2");
            docker.run("six-mapped", options, "/load/tcpclient", "connect", "::ffff:" + server.ip(), "8080", "20", "2");

            assertSoon(agent, SUCCESSFUL, "six-client", "[" + ipv6 + "]:8080", 30);
            assertSoon(agent, Connects.FAILED, "six-refused", "[" + ipv6 + "]:9", 7);
            assertSoon(agent, SUCCESSFUL, "six-mapped", server.ip() + ":8080", 20);
        } finally {
            docker.removeAll();
            docker.docker(List.of("network", "rm", "six"));
        }
    }

    @Test
    void loopbackInsideAContainerIsNobodysBusiness(DockerEngine docker) {
        Container server =
                docker.start("loop-server", "/load/tcpserver", "8080").awaitOutput("ready");

        try (AgentProcess agent = agentBeside(docker)) {
            server.exec("/load/tcpclient", "connect", "127.0.0.1", "8080", "10", "1");
            server.exec("/load/tcpclient", "connect", server.ip(), "8080", "11", "1");

            assertSoon(agent, SUCCESSFUL, "loop-server", server.ip() + ":8080", 11);
            assertThat(agent.scrape().series(SUCCESSFUL, "destination", "127.0.0.1:8080"))
                    .isEmpty();
        }
    }

    @Test
    void publicDestinationsAreTrackedOnRequestAlone(DockerEngine docker) {
        // TEST-NET-2 of RFC 5737: public to the agent, and bridged inside the engine's namespace here.
        network(docker, "public", "--subnet", "198.51.100.0/24");
        List<String> options = List.of("--network", "public");
        try {
            Container server = docker.start("public-server", options, "/load/tcpserver", "8080")
                    .awaitOutput("ready");
            Container privateServer =
                    docker.start("private-server", "/load/tcpserver", "8080").awaitOutput("ready");
            String destination = server.ip() + ":8080";

            try (AgentProcess agent = agentBeside(docker)) {
                docker.run("public-untold", options, "/load/tcpclient", "connect", server.ip(), "8080", "5", "1");
                docker.run("private", "/load/tcpclient", "connect", privateServer.ip(), "8080", "6", "1");

                assertSoon(agent, SUCCESSFUL, "private", privateServer.ip() + ":8080", 6);
                assertThat(agent.scrape().series(SUCCESSFUL, "destination", destination))
                        .isEmpty();
            }
            try (AgentProcess agent = agentBeside(docker, "--track-public-network=198.51.100.0/24")) {
                docker.run("public-told", options, "/load/tcpclient", "connect", server.ip(), "8080", "5", "1");

                assertSoon(agent, SUCCESSFUL, "public-told", destination, 5);
            }
        } finally {
            docker.removeAll();
            docker.docker(List.of("network", "rm", "public"));
        }
    }

    private static void network(DockerEngine docker, String name, String... options) {
        List<String> line = new ArrayList<>(List.of("network", "create"));
        line.addAll(List.of(options));
        line.add(name);
        docker.docker(line).succeeded();
    }
}
