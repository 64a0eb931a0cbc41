package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpTraffic;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Why connects fail, between hosts of the test's own, against what the failing client was told. */
@RequiresKernel
final class TcpReasonsIT {
    private static final String CLIENT =
            LoadDriver.folder().resolve("tcpclient").toString();

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    private static void assertConnects(ProbedTcp tcp, String host, int port, TcpConnects expected) throws Exception {
        assertThat(tcp.connects(SocketAddress.of(InetAddress.ofLiteral(host), port)))
                .as(
                        "to %s port %d; %s, %s",
                        host, port, tcp.probe().drops(), tcp.probe().programs())
                .isEqualTo(expected);
    }

    private static void together(Runnable... all) {
        CompletableFuture.allOf(Stream.of(all)
                        .map(each -> CompletableFuture.runAsync(each, THREADS))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
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
                // Else the kernel sends six at once and then one a second.
                server.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")
                        .succeeded();
                String v4 = server.ipv4();
                String v6 = server.ipv6();

                // An answer that comes while the client is inside connect(2) counts when its SYN is sent again, a
                // second later.
                together(
                        () -> fail(client, v4, 80, 7, "ECONNREFUSED"),
                        () -> fail(client, v6, 80, 5, "ECONNREFUSED"),
                        () -> fail(client, v4, 90, 3, "EHOSTUNREACH"),
                        () -> fail(client, v6, 90, 2, "EHOSTUNREACH"),
                        () -> fail(client, v4, 91, 3, "EHOSTUNREACH"),
                        // ICMPv6 has an error of its own for what is prohibited
                        () -> fail(client, v6, 91, 2, "EACCES"),
                        () -> fail(client, v4, 92, 3, "ENETUNREACH"),
                        () -> fail(client, v6, 92, 2, "ENETUNREACH"));

                assertConnects(tcp, v4, 80, new TcpConnects(0, 0, 7, 0, 0, 0, 0, 0));
                assertConnects(tcp, v6, 80, new TcpConnects(0, 0, 5, 0, 0, 0, 0, 0));
                for (int port = 90; port <= 92; port++) {
                    assertConnects(tcp, v4, port, new TcpConnects(0, 0, 0, 0, 3, 0, 0, 0));
                    assertConnects(tcp, v6, port, new TcpConnects(0, 0, 0, 0, 2, 0, 0, 0));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void silenceIsATimeoutUnlessTheCallerGivesUp(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestNetwork network = TestNetwork.of("client", "patient", "server");
                    ProbedTcp tcp = ProbedTcp.open(hook)) {
                TestHost client = network.host("client");
                TestHost patient = network.host("patient");
                TestHost server = network.host("server");
                server.blackHole(81);
                // one second to the retransmission, two more to the end
                client.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/tcp_syn_retries")
                        .succeeded();
                together(
                        () -> client.run(CLIENT, "abandon", server.ipv4(), "81", "4", "1")
                                .succeeded(),
                        () -> fail(client, server.ipv4(), 81, 1, "ETIMEDOUT"),
                        // nobody has that address: the neighbour table says so within three seconds
                        () -> fail(patient, "10.77.0.200", 81, 1, "EHOSTUNREACH"));
                assertConnects(tcp, server.ipv4(), 81, new TcpConnects(0, 0, 0, 1, 0, 0, 0, 4));
                assertConnects(tcp, "10.77.0.200", 81, new TcpConnects(0, 0, 0, 0, 1, 0, 0, 0));
                long retransmits = traffic(tcp, server.ipv4()).retransmits()
                        + traffic(tcp, "10.77.0.200").retransmits();
                assertThat(retransmits)
                        .isPositive()
                        .isEqualTo(client.counter("Tcp", "RetransSegs") + patient.counter("Tcp", "RetransSegs"));
            }
        });
    }

    private static TcpTraffic traffic(ProbedTcp tcp, String host) throws Exception {
        return tcp.closed(SocketAddress.of(InetAddress.ofLiteral(host), 81));
    }
}
