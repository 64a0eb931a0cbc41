package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every hook, on this kernel, against what this test itself did. Loopback counts in the host's namespace. */
@RequiresKernel
final class TcpProbeIT {
    private static final InetAddress LOOPBACK_V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
    private static final InetAddress LOOPBACK_V6 = InetAddress.ofLiteral("::1");

    private static boolean mountedTracefs;

    /** Plain tracepoints are found through tracefs, which not every machine has mounted. */
    @BeforeAll
    static void mountTracefs() throws Exception {
        if (!Files.isDirectory(TRACEFS.resolve("events"))) {
            assertThat(run("mount", "-t", "tracefs", "tracefs", TRACEFS.toString()))
                    .isZero();
            mountedTracefs = true;
        }
    }

    @AfterAll
    static void unmountTracefs() throws Exception {
        if (mountedTracefs) {
            assertThat(run("umount", TRACEFS.toString())).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static ProbedTcp open(TcpHook hook, Cidr... more) throws Exception {
        List<Cidr> tracked = new ArrayList<>(TcpSettings.PRIVATE_NETWORKS);
        tracked.addAll(List.of(more));
        int netns =
                (int) NetworkNamespace.ofHost(Path.of("/proc")).orElseThrow().inode();
        return ProbedTcp.of(TcpProbe.open(
                Libbpf.load(),
                new TcpSettings(Path.of("/sys/fs/cgroup"), netns, tracked, List.of(), 1_024, 1_024, 128, 64),
                List.of(hook)));
    }

    private static TcpTotals totals(ProbedTcp tcp, SocketAddress address) throws IOException {
        Map<TcpDestination, TcpTotals> rows = new HashMap<>();
        tcp.probe().readDestinations(rows::put);
        return rows.entrySet().stream()
                .filter(row -> row.getKey().address().equals(address))
                .map(Map.Entry::getValue)
                .reduce(TcpTotals.NONE, TcpTotals::plus);
    }

    private static TcpListenerState listener(ProbedTcp tcp, int port) throws IOException {
        Map<TcpListener, TcpListenerState> rows = new HashMap<>();
        tcp.probe().readListeners(rows::put);
        return rows.entrySet().stream()
                .filter(row -> row.getKey().address().port() == port)
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(new TcpListenerState(-1, 0, 0, 0));
    }

    /** Accepts, and closes first: the client's port is free again at once. */
    private static Thread closeAll(ServerSocket server) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    server.accept().close();
                }
            } catch (IOException _) {
                // closed by the test
            }
        });
    }

    private static int closedPort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK_V4)) {
            return probe.getLocalPort();
        }
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void connectsAreCountedOneByOne(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            int connects = 2_000;
            try (ProbedTcp tcp = open(hook);
                    ServerSocket server = new ServerSocket(0, 512, LOOPBACK_V4)) {
                closeAll(server);
                for (int i = 0; i < connects; i++) {
                    try (Socket client = new Socket(LOOPBACK_V4, server.getLocalPort())) {
                        assertThat(client.getInputStream().read()).isEqualTo(-1);
                    }
                }

                TcpTotals totals = totals(tcp, SocketAddress.of(LOOPBACK_V4, server.getLocalPort()));
                assertThat(tcp.probe().hook()).isEqualTo(hook);
                assertThat(totals.connects().successful()).isEqualTo(connects);
                assertThat(totals.connects().failed()).isZero();
                assertThat(totals.active()).isZero();
                assertThat(totals.connects().nanos()).isPositive();
                assertThat(totals.lastNanos()).isBetween(System.nanoTime() - 60_000_000_000L, System.nanoTime());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void ipv6AndMappedAddresses(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = open(hook);
                    ServerSocket server = new ServerSocket(0, 512, InetAddress.ofLiteral("::"))) {
                closeAll(server);
                for (int i = 0; i < 10; i++) {
                    new Socket(LOOPBACK_V6, server.getLocalPort()).close();
                }
                // The JDK connects with an IPv6 socket to ::ffff:127.0.0.1.
                for (int i = 0; i < 20; i++) {
                    try (SocketChannel channel =
                            SocketChannel.open(new InetSocketAddress(LOOPBACK_V4, server.getLocalPort()))) {
                        assertThat(channel.isConnected()).isTrue();
                    }
                }

                assertThat(totals(tcp, SocketAddress.of(LOOPBACK_V6, server.getLocalPort()))
                                .connects()
                                .successful())
                        .isEqualTo(10);
                assertThat(totals(tcp, SocketAddress.of(LOOPBACK_V4, server.getLocalPort()))
                                .connects()
                                .successful())
                        .isEqualTo(20);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void refusedConnectsFail(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            int port = closedPort();
            try (ProbedTcp tcp = open(hook)) {
                for (int i = 0; i < 500; i++) {
                    try (Socket client = new Socket()) {
                        client.connect(new InetSocketAddress(LOOPBACK_V4, port));
                        throw new AssertionError("port " + port + " is open");
                    } catch (ConnectException expected) {
                        assertThat(expected).hasMessageContaining("refused");
                    }
                }

                TcpTotals totals = totals(tcp, SocketAddress.of(LOOPBACK_V4, port));
                assertThat(totals.connects().failed()).isEqualTo(500);
                assertThat(totals.connects().successful()).isZero();
                assertThat(totals.connects().abandoned()).isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void activeConnectionsRiseAndFall(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = open(hook);
                    ServerSocket server = new ServerSocket(0, 512, LOOPBACK_V4)) {
                SocketAddress address = SocketAddress.of(LOOPBACK_V4, server.getLocalPort());
                List<Socket> clients = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    clients.add(new Socket(LOOPBACK_V4, server.getLocalPort()));
                }
                assertThat(totals(tcp, address).active()).isEqualTo(50);

                // half by a proper end, half by a reset
                for (int i = 0; i < 50; i++) {
                    clients.get(i).setSoLinger(i % 2 == 0, 0);
                    clients.get(i).close();
                }

                assertThat(totals(tcp, address).active()).isZero();
                assertThat(totals(tcp, address).connects().successful()).isEqualTo(50);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    @SuppressWarnings("try") // closed in the middle, on purpose
    void socketsOlderThanTheProbeAreFollowed(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ServerSocket server = new ServerSocket(0, 512, LOOPBACK_V4)) {
                SocketAddress address = SocketAddress.of(LOOPBACK_V4, server.getLocalPort());
                List<Socket> clients = new ArrayList<>();
                List<Socket> accepted = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    clients.add(new Socket(LOOPBACK_V4, server.getLocalPort()));
                    accepted.add(server.accept());
                    // payload either way must not blur who called connect
                    clients.get(i).getOutputStream().write(new byte[i * 1_000]);
                    accepted.get(i).getOutputStream().write(new byte[i * 3_000]);
                }
                try (ProbedTcp tcp = open(hook)) {
                    assertThat(totals(tcp, address).active()).isEqualTo(30);
                    assertThat(totals(tcp, address).connects().successful()).isZero();
                    assertThat(listener(tcp, server.getLocalPort()).open()).isEqualTo(1);
                    // the accepted ends are nobody's outbound connections
                    for (Socket client : clients) {
                        assertThat(totals(tcp, SocketAddress.of(LOOPBACK_V4, client.getLocalPort())))
                                .isEqualTo(TcpTotals.NONE);
                    }

                    for (int i = 0; i < 10; i++) {
                        clients.get(i).close();
                    }
                    new Socket(LOOPBACK_V4, server.getLocalPort()).close();
                    assertThat(totals(tcp, address).active()).isEqualTo(20);
                    assertThat(totals(tcp, address).connects().successful()).isEqualTo(1);
                    assertThat(tcp.probe().sweepMissedCloses()).isEmpty();

                    for (int i = 10; i < 30; i++) {
                        clients.get(i).close();
                    }
                    server.close();
                    assertThat(totals(tcp, address).active()).isZero();
                    assertThat(listener(tcp, address.port()).open()).isZero();

                    if (hook == TcpHook.SOCK_OPS) {
                        // other processes' older sockets may keep the tracepoints attached
                        Eventually.within(Duration.ofSeconds(20), tcp.probe()::releaseTracepointsIfIdle);
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void listenersAreSeenUntilTheyClose(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = open(hook)) {
                ServerSocket server = new ServerSocket(0, 512, LOOPBACK_V4);
                TcpListenerState open = listener(tcp, server.getLocalPort());
                assertThat(open.open()).isEqualTo(1);
                assertThat(open.process())
                        .isEqualTo((int) ProcessHandle.current().pid());

                int port = server.getLocalPort();
                server.close();

                assertThat(listener(tcp, port).open()).isZero();
                assertThat(listener(tcp, port).closedNanos()).isPositive();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void whatFindsNoRowCountsForItsCgroup(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestCgroup own = TestCgroup.create("overflow");
                    ProbedTcp tcp = ProbedTcp.of(TcpProbe.open(
                            Libbpf.load(),
                            new TcpSettings(
                                    Path.of("/sys/fs/cgroup"),
                                    (int) NetworkNamespace.ofHost(Path.of("/proc"))
                                            .orElseThrow()
                                            .inode(),
                                    List.of(),
                                    List.of(),
                                    1_024,
                                    4,
                                    128,
                                    64),
                            List.of(hook)))) {
                own.enter();
                int servers = 64;
                List<ServerSocket> all = new ArrayList<>();
                for (int i = 0; i < servers; i++) {
                    ServerSocket server = new ServerSocket(0, 512, LOOPBACK_V4);
                    all.add(server);
                    new Socket(LOOPBACK_V4, server.getLocalPort()).close();
                }
                CgroupRef ours = own.ref();
                long inRows = tcp.rows().entrySet().stream()
                        .filter(row -> row.getKey().cgroup().equals(ours))
                        .mapToLong(row -> row.getValue().connects().successful())
                        .sum();
                long beyond = tcp.overflow(ours).connects().successful();

                assertThat(beyond).isPositive();
                assertThat(inRows + beyond).isEqualTo(servers);
                // Of other cgroups too.
                assertThat(tcp.probe().drops().get("destination_overflow")).isGreaterThanOrEqualTo(beyond);
                assertThat(tcp.probe().drops()).containsEntry("socket", 0L);
                for (ServerSocket server : all) {
                    server.close();
                }
            }
        });
    }
}
