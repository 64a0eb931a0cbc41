package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.ACTIVE;
import static io.nodetelemetry.cli.endtoend.TcpMetric.BYTES_RECEIVED;
import static io.nodetelemetry.cli.endtoend.TcpMetric.BYTES_SENT;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is open when an agent starts is active and not new; so it is for the agent that comes after it. */
@RequiresKernel
class OpenAtStartIT {
    private static final int IDLE = 1_000;
    private static final int PORT = 7300;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void idleConnectionsAreActiveForEachAgentAndNewForNone(boolean ipv6) {
        try (TestNetwork network = TestNetwork.of("client", "server");
                Workload serving = new Workload("open-server", network.host("server"));
                Workload holding = new Workload("open-idle", network.host("client"));
                Workload talking = new Workload("open-talking", network.host("client"))) {
            TestHost server = network.host("server");
            serving.start("tcpserver -k " + PORT + " ::");
            serving.start("tcptraffic serve " + (PORT + 1) + " ::");
            Process held = holding.start("tcpclient hold " + server.ip(ipv6) + " " + PORT + " " + IDLE);
            Process talk = talking.start("tcptraffic stay " + server.ip(ipv6) + " " + (PORT + 1) + " 5000 70000");

            try (AgentProcess first = AgentProcess.start()) {
                ACTIVE.becomes(first, holding, IDLE, "destination", TcpMetric.address(server, ipv6, PORT));
                Workload.prompt(talk);
                BYTES_SENT.becomes(first, talking, 5_000);
                BYTES_RECEIVED.becomes(first, talking, 70_000);
                assertThat(SUCCESSFUL.of(first, holding)).isZero();
                assertThat(BYTES_SENT.of(first, holding)).isZero();
            }
            try (AgentProcess second = AgentProcess.start()) {
                ACTIVE.becomes(second, holding, IDLE);
                ACTIVE.becomes(second, talking, 1);
                assertThat(BYTES_SENT.of(second, talking))
                        .as("what was sent before its start")
                        .isZero();
                talking.run("tcptraffic exchange " + server.ip(ipv6) + " " + (PORT + 1) + " 1000 2000 7");
                Workload.prompt(talk);
                holding.end(held);
                talking.end(talk);

                ACTIVE.becomes(second, holding, 0);
                ACTIVE.becomes(second, talking, 0);
                BYTES_SENT.becomes(second, talking, 5_000 + 7_000);
                BYTES_RECEIVED.becomes(second, talking, 70_000 + 14_000);
                SUCCESSFUL.becomes(second, talking, 7);
                assertThat(SUCCESSFUL.of(second, holding)).isZero();
            }
        }
    }
}
