package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Why connects fail, between hosts of the test's own, against what the failing client was told. */
@RequiresKernel
final class TcpReasonsIT {
    private static final String CLIENT =
            LoadDriver.folder().resolve("tcpclient").toString();

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    private static TcpConnects connects(ProbedTcp tcp, String host, int port) throws Exception {
        return tcp.connects(SocketAddress.of(InetAddress.ofLiteral(host), port));
    }

    /** The client says by which errno its connects failed, all of them by the same. */
    private static void fail(TestHost client, String host, int port, int count, String errno) {
        String told = client.run(
                        CLIENT,
                        "refused",
                        host,
                        Integer.toString(port),
                        Integer.toString(count),
                        Integer.toString(count))
                .out();
        assertThat(told).contains(errno + "=" + count);
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void everyReasonIsCountedForItself(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestNetwork network = TestNetwork.of("client", "server");
                    ProbedTcp tcp = ProbedTcp.open(hook)) {
                TestHost client = network.host("client");
                TestHost server = network.host("server");
                server.nft("table inet refuse { chain in { type filter hook input priority 0; policy accept;"
                        + " tcp dport 90 reject with icmpx type host-unreachable;"
                        + " tcp dport 91 reject with icmpx type admin-prohibited;"
                        + " tcp dport 92 reject with icmpx type no-route; }; }");
                String v4 = server.ipv4();
                String v6 = server.ipv6();

                fail(client, v4, 80, 7, "ECONNREFUSED");
                fail(client, v6, 80, 5, "ECONNREFUSED");
                fail(client, v4, 90, 3, "EHOSTUNREACH");
                fail(client, v6, 90, 2, "EHOSTUNREACH");
                fail(client, v4, 91, 3, "EHOSTUNREACH");
                // ICMPv6 has an error of its own for what is prohibited
                fail(client, v6, 91, 2, "EACCES");
                fail(client, v4, 92, 3, "ENETUNREACH");
                fail(client, v6, 92, 2, "ENETUNREACH");

                assertThat(connects(tcp, v4, 80)).isEqualTo(new TcpConnects(0, 0, 7, 0, 0, 0, 0, 0));
                assertThat(connects(tcp, v6, 80)).isEqualTo(new TcpConnects(0, 0, 5, 0, 0, 0, 0, 0));
                for (int port = 90; port <= 92; port++) {
                    assertThat(connects(tcp, v4, port)).isEqualTo(new TcpConnects(0, 0, 0, 0, 3, 0, 0, 0));
                    assertThat(connects(tcp, v6, port)).isEqualTo(new TcpConnects(0, 0, 0, 0, 2, 0, 0, 0));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void silenceIsATimeoutUnlessTheCallerGivesUp(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestNetwork network = TestNetwork.of("client", "server");
                    ProbedTcp tcp = ProbedTcp.open(hook)) {
                TestHost client = network.host("client");
                TestHost server = network.host("server");
                server.blackHole(81);
                // one second to the retransmission, two more to the end
                client.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/tcp_syn_retries")
                        .succeeded();
                long before = client.counter("Tcp", "RetransSegs");

                client.run(CLIENT, "abandon", server.ipv4(), "81", "4", "1").succeeded();
                fail(client, server.ipv4(), 81, 1, "ETIMEDOUT");
                // nobody has that address: the neighbour table says so within three seconds
                client.run("sh", "-c", "echo 6 > /proc/sys/net/ipv4/tcp_syn_retries")
                        .succeeded();
                fail(client, "10.77.0.200", 81, 1, "EHOSTUNREACH");

                assertThat(connects(tcp, server.ipv4(), 81)).isEqualTo(new TcpConnects(0, 0, 0, 1, 0, 0, 0, 4));
                assertThat(connects(tcp, "10.77.0.200", 81)).isEqualTo(new TcpConnects(0, 0, 0, 0, 1, 0, 0, 0));
                long retransmits = tcp.rows().values().stream()
                        .mapToLong(row -> row.traffic().retransmits())
                        .sum();
                assertThat(retransmits).isPositive().isEqualTo(client.counter("Tcp", "RetransSegs") - before);
            }
        });
    }
}
