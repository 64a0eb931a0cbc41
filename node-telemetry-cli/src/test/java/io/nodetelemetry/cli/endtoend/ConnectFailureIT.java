package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.ABANDONED;
import static io.nodetelemetry.cli.endtoend.TcpMetric.FAILED;
import static io.nodetelemetry.cli.endtoend.TcpMetric.FAILURES;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why connects failed, against the errors that the clients got. */
@RequiresKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectFailureIT {
    private static final int CLOSED = 9;
    private static final int BLACK_HOLE = 7100;
    private static final int FORBIDDEN = 7101;

    private final TestNetwork network = TestNetwork.of("client", "server");
    private final TestHost client = network.host("client");
    private final TestHost server = network.host("server");
    private final AgentProcess agent = AgentProcess.start();

    ConnectFailureIT() {
        server.blackHole(BLACK_HOLE);
        server.nft("table inet forbidden { chain in { type filter hook input priority 0; policy accept;" + " tcp dport "
                + FORBIDDEN + " reject with icmpx type host-unreachable; }; }");
        // The kernel sends six at once and then one a second.
        server.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")
                .succeeded();
        // One more SYN after a second, and two seconds later the end.
        client.run("sysctl", "-qw", "net.ipv4.tcp_syn_retries=1").succeeded();
    }

    @AfterAll
    void stop() {
        agent.close();
        network.close();
    }

    private void fails(boolean ipv6, int port, int count, String errno, String reason) {
        try (Workload work = new Workload("failing-" + reason, client)) {
            Map<String, Long> own = work.run("tcpclient connect " + server.ip(ipv6) + " " + port + " " + count + " 4");
            assertThat(own).containsEntry(errno, (long) count).containsEntry("made", 0L);

            String destination = TcpMetric.address(server, ipv6, port);
            FAILURES.becomes(agent, work, count, "destination", destination, "reason", reason);
            FAILED.becomes(agent, work, count, "destination", destination);
            assertThat(FAILURES.of(agent, work)).as("for any reason").isEqualTo(count);
            assertThat(ABANDONED.of(agent, work)).isZero();
            assertThat(SUCCESSFUL.of(agent, work)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refused(boolean ipv6) {
        fails(ipv6, CLOSED, 500, "ECONNREFUSED", "refused");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void timedOut(boolean ipv6) {
        fails(ipv6, BLACK_HOLE, 8, "ETIMEDOUT", "timed_out");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unreachable(boolean ipv6) {
        fails(ipv6, FORBIDDEN, 8, "EHOSTUNREACH", "unreachable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void abandonedByTheCallerIsNoFailure(boolean ipv6) {
        try (Workload work = new Workload("abandoning", client)) {
            work.run("tcpclient abandon " + server.ip(ipv6) + " " + BLACK_HOLE + " 300 2");

            ABANDONED.becomes(agent, work, 300, "destination", TcpMetric.address(server, ipv6, BLACK_HOLE));
            assertThat(FAILED.of(agent, work)).isZero();
            assertThat(SUCCESSFUL.of(agent, work)).isZero();
        }
    }
}
