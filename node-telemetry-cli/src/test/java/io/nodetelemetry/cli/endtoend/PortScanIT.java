package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.FAILED;
import static io.nodetelemetry.cli.endtoend.TcpMetric.LISTEN;
import static io.nodetelemetry.cli.endtoend.TcpMetric.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Destinations that are not told apart: too many of them, and ports that the user does not want to see. */
@RequiresKernel
class PortScanIT {
    private static final int PORTS = 60_000;
    private static final int NEIGHBOURS = 50;
    private static final int LIMIT = 1_000;
    private static final long MEBIBYTE = 1_024;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsDestinationsAreBoundedItsSumIsExactAndNobodyElseIsTouched(boolean ipv6) throws IOException {
        try (TestNetwork network = TestNetwork.of("client", "server");
                Workload serving = new Workload("scan-server", network.host("server"));
                Workload neighbour = new Workload("scan-neighbour", network.host("client"));
                Workload scanner = new Workload("scan-scanner", network.host("client"));
                AgentProcess agent = AgentProcess.start()) {
            TestHost server = network.host("server");
            serving.start("tcpserver 61000 ::");
            String calls = "tcpclient refused " + server.ip(ipv6) + " 61001-61050 " + NEIGHBOURS + " 1";
            neighbour.run(calls);

            scan(scanner, server.ip(ipv6));
            FAILED.becomes(agent, scanner, PORTS);
            long afterOne = residentKibibytes(agent);
            scan(scanner, server.ip(ipv6));
            FAILED.becomes(agent, scanner, 2 * PORTS);

            neighbour.run(calls);
            neighbour.run("tcpclient connect " + server.ip(ipv6) + " 61000 30 1");
            SUCCESSFUL.becomes(agent, neighbour, 30, "destination", TcpMetric.address(server, ipv6, 61_000));
            Scrape scrape = agent.scrape();
            assertThat(scrape.series(FAILED.family(), "container_id", scanner.id()))
                    .hasSizeBetween(LIMIT / 2, LIMIT + 1);
            assertThat(scrape.sum(FAILED.family(), "container_id", scanner.id(), "destination", "~other"))
                    .isGreaterThanOrEqualTo(2 * (PORTS - LIMIT));
            for (int port = 61_001; port <= 61_050; port++) {
                FAILED.becomes(agent, neighbour, 2, "destination", TcpMetric.address(server, ipv6, port));
            }
            assertThat(scrape.sum(FAILED.family(), "container_id", neighbour.id(), "destination", "~other"))
                    .isZero();
            assertThat(residentKibibytes(agent) - afterOne)
                    .as("KiB that the second scan took")
                    .isLessThan(32 * MEBIBYTE);
        }
    }

    @Test
    void portsThatAreNobodysForLongCountInOtherAndAreNoListeners() {
        try (TestNetwork network = TestNetwork.of("client", "server");
                Workload serving = new Workload("scan-ephemeral-server", network.host("server"));
                Workload work = new Workload("scan-ephemeral", network.host("client"));
                AgentProcess agent =
                        AgentProcess.start("--ephemeral-port-range=7500-7599", "--ephemeral-port-range=61000-61999")) {
            TestHost server = network.host("server");
            for (int port : new int[] {7499, 7500, 7599, 7600, 61_500}) {
                serving.start("tcpserver " + port + " 10.77.0.2");
            }
            work.run("tcpclient connect " + server.ipv4() + " 7499-7600 102 1");
            work.run("tcpclient connect " + server.ipv4() + " 61500 20 1");

            SUCCESSFUL.becomes(agent, work, 2 + 20, "destination", "~other", "actual_destination", "~other");
            FAILED.becomes(agent, work, 98, "destination", "~other");
            SUCCESSFUL.becomes(agent, work, 1, "destination", "10.77.0.2:7499");
            SUCCESSFUL.becomes(agent, work, 1, "destination", "10.77.0.2:7600");
            assertThat(SUCCESSFUL.of(agent, work)).isEqualTo(24);
            LISTEN.becomes(agent, serving, 1, "listen_addr", "10.77.0.2:7499");
            LISTEN.becomes(agent, serving, 1, "listen_addr", "10.77.0.2:7600");
            assertThat(LISTEN.of(agent, serving)).isEqualTo(2);
        }
    }

    private static void scan(Workload scanner, String host) {
        assertThat(scanner.run("tcpclient refused " + host + " 1-" + PORTS + " " + PORTS + " 2"))
                .containsEntry("refused", (long) PORTS);
    }

    /** VmRSS of proc_pid_status(5). */
    private static long residentKibibytes(AgentProcess agent) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS of the agent: " + agent.err());
    }
}
