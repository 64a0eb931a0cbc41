package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.PortRange;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not get a row of its own, counted where it goes, for every hook. */
@RequiresKernel
@SuppressWarnings("try") // closed in the middle, on purpose
final class TcpBoundsIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    private final TestCgroup own = TestCgroup.create("bounds");

    /** Whoever else connects in the cgroup would take rows. */
    @BeforeEach
    void enterCgroup() throws IOException {
        own.enter();
    }

    @AfterEach
    void leaveCgroup() {
        own.close();
    }

    private static final class Servers implements AutoCloseable {
        private final List<ServerSocket> all = new ArrayList<>();

        static Servers of(int count) throws IOException {
            Servers servers = new Servers();
            for (int i = 0; i < count; i++) {
                servers.all.add(new ServerSocket(0, 512, ProbedTcp.LOOPBACK));
            }
            return servers;
        }

        SocketAddress address(int index) {
            return SocketAddress.of(ProbedTcp.LOOPBACK, all.get(index).getLocalPort());
        }

        Socket connect(int index) throws IOException {
            return new Socket(ProbedTcp.LOOPBACK, all.get(index).getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (ServerSocket server : all) {
                server.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void aCgroupHasSoManyRowsAndWhatIsBeyondSharesOne(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (Servers servers = Servers.of(20);
                    ProbedTcp tcp = ProbedTcp.open(hook, 8, 1_024, List.of())) {
                List<Socket> clients = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    Socket client = servers.connect(i);
                    client.getOutputStream().write(new byte[100 + i]);
                    clients.add(client);
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(tcp.connects(servers.address(i)).successful()).isEqualTo(i < 8 ? 1 : 0);
                }
                CgroupRef ours = own.ref();
                assertThat(tcp.overflow(ours).connects().successful()).isEqualTo(12);
                assertThat(tcp.overflow(ours).active()).isEqualTo(12);
                // 108, 109 and so on
                assertThat(tcp.openInOverflow(ours).bytesSent()).isEqualTo(12 * 108 + 66);
                // of other cgroups too
                assertThat(tcp.probe().drops().get("destination_limit")).isGreaterThanOrEqualTo(12);

                // room for two more
                for (int i = 0; i < 2; i++) {
                    clients.get(i).close();
                    TcpDestination gone = new TcpDestination(ours, servers.address(i));
                    assertThat(tcp.probe().remove(gone)).isPresent();
                    assertThat(tcp.probe().remove(gone)).isEmpty();
                }
                for (int i = 8; i < 11; i++) {
                    clients.add(servers.connect(i));
                }
                assertThat(tcp.connects(servers.address(8)).successful()).isEqualTo(1);
                assertThat(tcp.connects(servers.address(9)).successful()).isEqualTo(1);
                assertThat(tcp.connects(servers.address(10)).successful()).isZero();
                assertThat(tcp.overflow(ours).connects().successful()).isEqualTo(13);

                for (Socket client : clients) {
                    client.close();
                }
                Eventually.within(
                        SOON, () -> assertThat(tcp.overflow(ours).active()).isZero());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void portsThatAreNobodysForLongHaveNoRowAndNoListener(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (Servers servers = Servers.of(1)) {
                int port = servers.address(0).port();
                try (ProbedTcp tcp =
                                ProbedTcp.open(hook, 8, 64, List.of(new PortRange(1, 2), new PortRange(port, port)));
                        Servers others = Servers.of(1)) {
                    servers.connect(0).close();
                    others.connect(0).close();

                    assertThat(tcp.connects(servers.address(0)).successful()).isZero();
                    assertThat(tcp.connects(others.address(0)).successful()).isEqualTo(1);
                    CgroupRef ours = own.ref();
                    assertThat(tcp.overflow(ours).connects().successful()).isEqualTo(1);
                    assertThat(tcp.listeners(ProbedTcp.hostNetns(), port)).isEmpty();
                    assertThat(tcp.listeners(
                                    ProbedTcp.hostNetns(), others.address(0).port()))
                            .hasSize(1);
                }
            }
        });
    }

    /** One cgroup goes over 20 000 destinations, another one keeps its own. */
    @Test
    void whoScansTakesNobodysRow() throws Exception {
        try (TestNetwork network = TestNetwork.of("scanner", "victim");
                TestCgroup cgroup = TestCgroup.create("scanner");
                Servers servers = Servers.of(3);
                ProbedTcp tcp = ProbedTcp.open(TcpHook.SOCK_OPS, 100, 1_024, List.of())) {
            TestHost scanner = network.host("scanner");
            String client = LoadDriver.folder().resolve("tcpclient").toString();
            Process scan = cgroup.start(
                    scanner.inside(client + " refused " + network.host("victim").ipv4() + " 1000-20999 20000 4"));
            for (int i = 0; i < 3; i++) {
                servers.connect(i).close();
            }
            assertThat(scan.waitFor()).isZero();
            assertThat(scan.inputReader().readLine()).contains("refused=20000");
            servers.connect(2).close();

            CgroupRef scanning = cgroup.ref();
            Map<TcpDestination, TcpTotals> rows = tcp.rows();
            rows.keySet().removeIf(row -> !row.cgroup().equals(scanning));
            // threads that make a row at the same time
            assertThat(rows).hasSizeBetween(100, 103);
            for (int i = 0; i < 3; i++) {
                assertThat(tcp.connects(servers.address(i)).successful()).isEqualTo(i == 2 ? 2 : 1);
            }
            long refused = rows.values().stream()
                            .mapToLong(row -> row.connects().refused())
                            .sum()
                    + tcp.overflow(scanning).connects().refused();
            assertThat(refused).isEqualTo(20_000);
            assertThat(tcp.probe().drops().get("destination_limit")).isGreaterThanOrEqualTo(20_000 - rows.size());
        }
    }
}
