package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More open connections than the map of sockets has room for. */
@RequiresKernel
final class TcpCrowdIT {
    /** The map holds 65 536; what comes then is remembered elsewhere. */
    private static final int CONNECTIONS = 70_000;

    /** A process may have no more than some 20 000 files on some machines. */
    private static final int PAIRS = 5;

    @Test
    void allAreCountedOnceWhileOpenAndWhenClosed() throws Exception {
        List<Process> processes = new ArrayList<>();
        try (TestNetwork network = TestNetwork.of("crowd");
                TestCgroup cgroup = TestCgroup.create("crowd");
                ProbedTcp tcp = ProbedTcp.open(TcpHook.SOCK_OPS, 1_024, 1_024, List.of())) {
            try {
                CgroupRef crowd = cgroup.ref();
                connect(network.host("crowd"), cgroup, processes);

                TcpTotals open = sum(tcp, crowd);
                assertThat(open.active()).isEqualTo(CONNECTIONS);
                assertThat(open.connects().successful()).isEqualTo(CONNECTIONS);
                assertThat(open.traffic().rttSamples()).isZero();
                assertThat(sumOpen(tcp, crowd).rttSamples()).isEqualTo(CONNECTIONS);
                assertThat(sumOpen(tcp, crowd).rttSamples())
                        .as("in the next pass")
                        .isEqualTo(CONNECTIONS);
                assertThat(tcp.probe().drops()).containsEntry("socket", 0L).containsEntry("open_connection", 0L);

                processes.forEach(Process::destroy);
                Eventually.within(Duration.ofSeconds(60), () -> {
                    TcpTotals closed = sum(tcp, crowd);
                    assertThat(closed.active()).isZero();
                    assertThat(closed.traffic().rttSamples()).isEqualTo(CONNECTIONS);
                });
                assertThat(sumOpen(tcp, crowd)).isEqualTo(TcpTraffic.NONE);
                assertThat(sum(tcp, crowd).connects().successful()).isEqualTo(CONNECTIONS);
            } finally {
                processes.forEach(Process::destroy);
            }
        }
    }

    /** To one server each, as local ports are unique by destination. */
    private static void connect(TestHost host, TestCgroup cgroup, List<Process> processes) throws Exception {
        String folder = LoadDriver.folder().toString();
        for (int port = 8_080; port < 8_080 + PAIRS; port++) {
            Process server = cgroup.start(host.inside(folder + "/tcpserver -k " + port));
            processes.add(server);
            assertThat(server.inputReader().readLine()).startsWith("ready");
            int share = CONNECTIONS / PAIRS;
            Process client =
                    cgroup.start(host.inside(folder + "/tcpclient hold " + host.ipv4() + " " + port + " " + share));
            processes.add(client);
            assertThat(client.inputReader().readLine()).isEqualTo("ready mode=hold made=" + share);
        }
    }

    private static TcpTotals sum(ProbedTcp tcp, CgroupRef cgroup) throws Exception {
        return tcp.rows().entrySet().stream()
                .filter(row -> row.getKey().cgroup().equals(cgroup))
                .map(row -> row.getValue())
                .reduce(TcpTotals.NONE, TcpTotals::plus);
    }

    private static TcpTraffic sumOpen(ProbedTcp tcp, CgroupRef cgroup) throws Exception {
        TcpTraffic[] sum = {TcpTraffic.NONE};
        tcp.probe()
                .readOpen(
                        (destination, traffic) -> {
                            if (destination.cgroup().equals(cgroup)) {
                                sum[0] = sum[0].plus(traffic);
                            }
                        },
                        (other, traffic) -> {});
        return sum[0];
    }
}
