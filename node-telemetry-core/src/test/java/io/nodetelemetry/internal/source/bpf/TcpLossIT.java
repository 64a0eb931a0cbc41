package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Retransmissions of both ends on a network that loses data, against the kernel's own count in each namespace, and
 * bytes that count once however often they were sent.
 */
@RequiresKernel
final class TcpLossIT {
    private static final int PORT = 8080;
    private static final int FROM_CLIENT = 3_000_001;
    private static final int FROM_SERVER = 2_000_003;

    /** Reads to the end of the client's data, then sends its own; arguments: address, port, bytes. */
    private static final String SERVER = """
            use IO::Socket::IP;
            my $listener = IO::Socket::IP->new(LocalHost => $ARGV[0], LocalPort => $ARGV[1], Listen => 5) or die $@;
            $| = 1;
            print "ready\\n";
            my ($peer, $got, $data) = ($listener->accept, 0, "");
            while (my $read = sysread $peer, $data, 65536) { $got += $read; }
            for (my $left = $ARGV[2]; $left > 0; ) {
                my $wrote = syswrite $peer, "x" x ($left < 65536 ? $left : 65536);
                defined $wrote or die $!;
                $left -= $wrote;
            }
            close $peer;
            print "got=$got\\n";
            """;

    /** The other side of it. */
    private static final String CLIENT = """
            use IO::Socket::IP;
            my $peer = IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1]) or die $@;
            my ($got, $data) = (0, "");
            for (my $left = $ARGV[2]; $left > 0; ) {
                my $wrote = syswrite $peer, "x" x ($left < 65536 ? $left : 65536);
                defined $wrote or die $!;
                $left -= $wrote;
            }
            shutdown $peer, 1;
            while (my $read = sysread $peer, $data, 65536) { $got += $read; }
            print "got=$got\\n";
            """;

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    private static Process serve(TestHost host, String address) throws Exception {
        Process server = new ProcessBuilder(host.inside(
                        List.of("perl", "-e", SERVER, address, Integer.toString(PORT), Integer.toString(FROM_SERVER))))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(line(server)).isEqualTo("ready");
        return server;
    }

    private static int netns(TestHost host) throws Exception {
        return ((Long) Files.getAttribute(Path.of("/proc/" + host.pid() + "/ns/net"), "unix:ino")).intValue();
    }

    private static String line(Process server) throws Exception {
        BufferedReader reader = server.inputReader();
        return reader.readLine();
    }

    /** Older listeners are those of before the probe: their connections have no callbacks. */
    @ParameterizedTest
    @CsvSource({
        "SOCK_OPS,false,false",
        "SOCK_OPS,true,true",
        "SOCK_OPS,false,true",
        "TYPED_TRACEPOINT,true,false",
        "TRACEPOINT,false,true"
    })
    void bothEndsSendAgain(TcpHook hook, boolean ipv6, boolean olderListener) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestNetwork network = TestNetwork.of("client", "server")) {
                TestHost client = network.host("client");
                TestHost server = network.host("server");
                client.loseData(7);
                server.loseData(7);
                String any = ipv6 ? "::" : "0.0.0.0";
                Process process = olderListener ? serve(server, any) : null;
                try (ProbedTcp tcp = ProbedTcp.open(hook)) {
                    Process running = process == null ? serve(server, any) : process;
                    process = running;
                    long clientBefore = client.counter("Tcp", "RetransSegs");
                    long serverBefore = server.counter("Tcp", "RetransSegs");

                    Command told = client.run(
                            "perl",
                            "-e",
                            CLIENT,
                            server.ip(ipv6),
                            Integer.toString(PORT),
                            Integer.toString(FROM_CLIENT));

                    assertThat(told.succeeded().out()).isEqualTo("got=" + FROM_SERVER + "\n");
                    assertThat(line(running)).isEqualTo("got=" + FROM_CLIENT);
                    SocketAddress address = SocketAddress.of(InetAddress.ofLiteral(server.ip(ipv6)), PORT);
                    Eventually.within(Duration.ofSeconds(20), () -> {
                        TcpTotals totals = tcp.totals(address);
                        assertThat(totals.traffic().bytesSent()).isEqualTo(FROM_CLIENT);
                        assertThat(totals.traffic().bytesReceived()).isEqualTo(FROM_SERVER);
                        assertThat(totals.traffic().retransmits())
                                .isPositive()
                                .isEqualTo(client.counter("Tcp", "RetransSegs") - clientBefore);
                    });
                    Eventually.within(Duration.ofSeconds(20), () -> {
                        Map<TcpListener, TcpListenerState> listeners = tcp.listeners(netns(server), PORT);
                        assertThat(listeners).hasSize(1);
                        assertThat(listeners.values().iterator().next().retransmits())
                                .isPositive()
                                .isEqualTo(server.counter("Tcp", "RetransSegs") - serverBefore);
                    });
                } finally {
                    if (process != null) {
                        process.destroy();
                    }
                }
            }
        });
    }
}
