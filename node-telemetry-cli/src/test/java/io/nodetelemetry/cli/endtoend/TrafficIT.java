package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.ACCEPTED_RETRANSMITS;
import static io.nodetelemetry.cli.endtoend.TcpMetric.ACTIVE;
import static io.nodetelemetry.cli.endtoend.TcpMetric.BYTES_RECEIVED;
import static io.nodetelemetry.cli.endtoend.TcpMetric.BYTES_SENT;
import static io.nodetelemetry.cli.endtoend.TcpMetric.CONNECT_SECONDS;
import static io.nodetelemetry.cli.endtoend.TcpMetric.RETRANSMITS;
import static io.nodetelemetry.cli.endtoend.TcpMetric.RTT;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SOON;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections carry, how often segments were sent again and how long the way is, against the programs' own word. */
@RequiresKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrafficIT {
    private static final int PORT = 7000;
    /** Serves after a pause, so that what was sent is still on the way when its client closes. */
    private static final int SLOW_PORT = 7001;

    private static final Pattern SMOOTHED_MILLIS = Pattern.compile(" rtt:([0-9.]+)/");

    private final TestNetwork network = TestNetwork.of("client", "server");
    private final TestHost client = network.host("client");
    private final TestHost server = network.host("server");
    private final Workload serving = new Workload("traffic-server", server);
    private final AgentProcess agent = AgentProcess.start();

    TrafficIT() {
        serving.start("tcptraffic serve " + PORT + " ::");
        serving.start("tcptraffic serve " + SLOW_PORT + " :: 500");
    }

    @AfterAll
    void stop() {
        agent.close();
        serving.close();
        network.close();
    }

    private String to(boolean ipv6, int port, String rest) {
        return " " + server.ip(ipv6) + " " + port + " " + rest;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void payloadOfConnectionsThatAreOverIsExact(boolean ipv6) {
        try (Workload work = new Workload("traffic-bytes", client)) {
            String destination = TcpMetric.address(server, ipv6, PORT);
            Map<String, Long> own = work.run("tcptraffic exchange" + to(ipv6, PORT, "100001 250003 40"));
            assertThat(own).containsEntry("sent", 4_000_040L).containsEntry("received", 10_000_120L);

            BYTES_SENT.becomes(agent, work, 4_000_040, "destination", destination);
            BYTES_RECEIVED.becomes(agent, work, 10_000_120, "destination", destination);
            SUCCESSFUL.becomes(agent, work, 40, "destination", destination, "actual_destination", destination);
            assertThat(CONNECT_SECONDS.of(agent, work))
                    .isPositive()
                    .isLessThanOrEqualTo(own.getOrDefault("connect_ns", 0L) / 1e9);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void payloadOfAConnectionThatStaysOpenIsShownAndNeverTwice(boolean ipv6) {
        try (Workload work = new Workload("traffic-open", client)) {
            Process open = work.start("tcptraffic stay" + to(ipv6, PORT, "5000 70000"));
            BYTES_SENT.becomes(agent, work, 5_000);
            BYTES_RECEIVED.becomes(agent, work, 70_000);
            ACTIVE.becomes(agent, work, 1);

            Workload.prompt(open);
            BYTES_SENT.becomes(agent, work, 10_000);
            BYTES_RECEIVED.becomes(agent, work, 140_000);

            work.end(open);
            ACTIVE.becomes(agent, work, 0);
            work.run("tcptraffic exchange" + to(ipv6, PORT, "16 1 1"));
            BYTES_SENT.becomes(agent, work, 10_016);
            BYTES_RECEIVED.becomes(agent, work, 140_001);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void payloadThatIsStillOnItsWayAtTheCloseIsCounted(boolean ipv6) {
        try (Workload work = new Workload("traffic-leave", client)) {
            work.run("tcptraffic leave" + to(ipv6, SLOW_PORT, "300000 0 3"));

            BYTES_SENT.becomes(agent, work, 900_000);
            assertThat(BYTES_RECEIVED.of(agent, work)).isZero();
        }
    }

    @Test
    void roundTripTimeIsTheSockets() {
        try (Workload work = new Workload("traffic-rtt", client)) {
            Process open = work.start("tcptraffic stay" + to(false, PORT, "5000 5000"));
            Eventually.within(SOON, () -> {
                Matcher own = SMOOTHED_MILLIS.matcher(client.run("ss", "-tinH", "dport", "=", ":" + PORT)
                        .succeeded()
                        .out());
                assertThat(own.find()).isTrue();
                // Both in whole microseconds.
                assertThat(RTT.of(agent, work)).isCloseTo(Double.parseDouble(own.group(1)) / 1e3, within(1e-7));
            });

            double last = RTT.of(agent, work);
            work.end(open);
            ACTIVE.becomes(agent, work, 0);
            assertThat(RTT.of(agent, work)).as("what it was last").isCloseTo(last, within(last));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void segmentsSentAgainAreThoseOfTheNamespace(boolean ipv6) {
        try (TestNetwork lossy = TestNetwork.of("client", "server");
                Workload accepting = new Workload("traffic-lossy-server", lossy.host("server"));
                Workload work = new Workload("traffic-lossy-client", lossy.host("client"))) {
            accepting.start("tcptraffic serve " + PORT + " ::");
            lossy.host("client").loseData(19);
            lossy.host("server").loseData(17);

            work.run("tcptraffic exchange" + to(ipv6, PORT, "200000 200000 10"));

            long again = lossy.host("client").counter("Tcp", "RetransSegs");
            long answeredAgain = lossy.host("server").counter("Tcp", "RetransSegs");
            assertThat(again).as("loss on the way there").isPositive();
            assertThat(answeredAgain).as("loss on the way back").isPositive();
            RETRANSMITS.becomes(agent, work, again, "destination", TcpMetric.address(server, ipv6, PORT));
            ACCEPTED_RETRANSMITS.becomes(agent, accepting, answeredAgain, "listen_addr", "[::]:" + PORT);
            BYTES_SENT.becomes(agent, work, 2_000_000);
            BYTES_RECEIVED.becomes(agent, work, 2_000_000);
            assertThat(RETRANSMITS.of(agent, accepting)).isZero();
            assertThat(ACCEPTED_RETRANSMITS.of(agent, work)).isZero();
        }
    }
}
