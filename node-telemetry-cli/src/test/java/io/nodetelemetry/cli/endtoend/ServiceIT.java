package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.ACTIVE;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.ServiceAddress;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backend a connection to a service really reached, against what each backend accepted. */
@RequiresKernel
class ServiceIT {
    private static final int PORT = 8080;
    private static final int SERVICE_PORT = 80;
    /** Its server keeps what it accepts. */
    private static final int KEPT_PORT = 8081;

    private static final int KEPT_SERVICE_PORT = 81;
    private static final int HELD = 31;

    @ParameterizedTest
    @CsvSource({"NFT,false", "NFT,true", "IPTABLES,false", "IPTABLES,true"})
    void eachConnectionIsTheBackendsThatAcceptedIt(ServiceAddress way, boolean ipv6) {
        try (TestNetwork network = TestNetwork.of("client", "one", "two");
                Workload first = new Workload("nat-one", network.host("one"));
                Workload second = new Workload("nat-two", network.host("two"));
                Workload holding = new Workload("nat-holding", network.host("client"));
                Workload busy = new Workload("nat-busy", network.host("client"));
                Workload later = new Workload("nat-later", network.host("client"))) {
            TestHost client = network.host("client");
            TestHost one = network.host("one");
            TestHost two = network.host("two");
            for (Workload backend : List.of(first, second)) {
                backend.start("tcpserver " + PORT + " ::");
                backend.start("tcpserver -k " + KEPT_PORT + " ::");
            }
            String service = ipv6 ? "fd96::10" : "10.96.0.10";
            List<String> backends = List.of(one.ip(ipv6), two.ip(ipv6));
            way.spread(client, ipv6, service, SERVICE_PORT, backends, PORT);
            way.spread(client, ipv6, service, KEPT_SERVICE_PORT, backends, KEPT_PORT);
            Process held = holding.start("tcpclient hold " + service + " " + KEPT_SERVICE_PORT + " " + HELD);
            String to = " " + service + " " + SERVICE_PORT + " ";
            // The last handshake may end a moment later for the server than for the client.
            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(one.counter("Tcp", "CurrEstab") + two.counter("Tcp", "CurrEstab"))
                            .isEqualTo(HELD));
            long heldByOne = one.counter("Tcp", "CurrEstab");

            Process load = busy.begin("tcpclient connect" + to + "1000000 4 2000");
            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(one.counter("Tcp", "PassiveOpens")).isGreaterThan(heldByOne + 50));
            try (AgentProcess agent = AgentProcess.start()) {
                String dialled = TcpMetric.address(service, SERVICE_PORT);
                String toOne = TcpMetric.address(one, ipv6, PORT);
                String toTwo = TcpMetric.address(two, ipv6, PORT);
                ACTIVE.becomes(
                        agent, holding, heldByOne, "actual_destination", TcpMetric.address(one, ipv6, KEPT_PORT));
                ACTIVE.becomes(
                        agent,
                        holding,
                        HELD - heldByOne,
                        "actual_destination",
                        TcpMetric.address(two, ipv6, KEPT_PORT));
                ACTIVE.becomes(agent, holding, HELD, "destination", TcpMetric.address(service, KEPT_SERVICE_PORT));
                SUCCESSFUL.risesAbove(agent, busy, 100, "destination", dialled, "actual_destination", toOne);
                SUCCESSFUL.risesAbove(agent, busy, 100, "destination", dialled, "actual_destination", toTwo);
                busy.kill(load);

                long oneBefore = one.counter("Tcp", "PassiveOpens");
                long twoBefore = two.counter("Tcp", "PassiveOpens");
                // An odd number, by several threads: the backends do not get the same.
                assertThat(later.run("tcpclient connect" + to + "3001 4")).containsEntry("made", 3_001L);
                long byOne = one.counter("Tcp", "PassiveOpens") - oneBefore;
                long byTwo = two.counter("Tcp", "PassiveOpens") - twoBefore;
                assertThat(byOne + byTwo).isEqualTo(3_001);

                SUCCESSFUL.becomes(agent, later, byOne, "destination", dialled, "actual_destination", toOne);
                SUCCESSFUL.becomes(agent, later, byTwo, "destination", dialled, "actual_destination", toTwo);
                assertThat(SUCCESSFUL.of(agent, later, "actual_destination", dialled))
                        .isZero();
                assertThat(SUCCESSFUL.of(agent, busy, "actual_destination", dialled))
                        .as("in the middle of the load")
                        .isZero();
                holding.end(held);
                ACTIVE.becomes(agent, holding, 0);
            }
        }
    }
}
