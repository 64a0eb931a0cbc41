package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.collectors.tcp.ConntrackFeed;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.ServiceAddress;
import io.nodetelemetry.testing.TestCgroup;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What connections reach after NAT, of each one: held against what the backends' namespaces count as accepted
 * ({@code PassiveOpens} of proc_net_snmp).
 */
@RequiresKernel
final class TranslationIT {
    private static final Path PROC = Path.of("/proc");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SERVER =
            LoadDriver.folder().resolve("tcpserver").toString();
    private static final String CLIENT =
            LoadDriver.folder().resolve("tcpclient").toString();
    private static final int PORT = 8080;

    /** Connects to port 80 of its argument, and waits for the end. */
    private static final String FROM_ONE_PORT = """
            use IO::Socket::IP;
            my $peer = IO::Socket::IP->new(LocalPort => 40001, PeerHost => $ARGV[0], PeerPort => 80) or die $@;
            sysread $peer, my $end, 1;
            """;

    /** Where the address of the service is translated. */
    enum Place {
        /** In the network namespace of the client, which the host's has no interface to. */
        CLIENT,
        /** In the one that the agent takes for the host's; the client runs there. */
        HOST,
        /** On the way to the backends. */
        ROUTER
    }

    @TempDir
    private Path directory = Path.of("");

    private final TestCgroup cgroup = TestCgroup.create("translation");
    private final TestNetwork network = TestNetwork.of("client", "one", "two", "router");
    private final TestHost client = network.host("client");
    private final TestHost one = network.host("one");
    private final TestHost two = network.host("two");

    @BeforeEach
    void backendsListen() throws Exception {
        for (TestHost backend : List.of(one, two)) {
            serve(backend, String.valueOf(PORT));
        }
    }

    private void serve(TestHost backend, String how) throws Exception {
        Process server = cgroup.start(backend.inside(SERVER + " " + how + " ::"));
        assertThat(server.inputReader().readLine()).startsWith("ready");
    }

    @AfterEach
    void close() throws Exception {
        for (String pid : Files.readAllLines(cgroup.directory().resolve("cgroup.procs"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroy);
        }
        Eventually.within(
                SOON,
                () -> assertThat(cgroup.directory().resolve("cgroup.procs")).isEmptyFile());
        network.close();
        cgroup.close();
        // Else JUnit warns that a link leads out of its directory.
        Files.deleteIfExists(directory.resolve("1/ns/net"));
    }

    private static TcpProbe open(Path procRoot, TcpHook hook) throws Exception {
        return TcpProbe.open(
                Libbpf.load(),
                new TcpSettings(
                        Path.of("/sys/fs/cgroup"),
                        0,
                        TcpSettings.PRIVATE_NETWORKS,
                        List.of(),
                        1_024,
                        1_024,
                        1_024,
                        256),
                ConntrackFeed.of(procRoot),
                List.of(hook));
    }

    private static TcpProbe open() throws Exception {
        return open(PROC, TcpHook.SOCK_OPS);
    }

    /** A procfs in which the first process is the client. */
    private Path procOfClient() throws IOException {
        Path link = Files.createDirectories(directory.resolve("1/ns")).resolve("net");
        Files.createSymbolicLink(link, PROC.resolve(client.pid() + "/ns/net"));
        return directory;
    }

    /** Of no other test: hosts of their networks have the same addresses, and may run beside this. */
    private static String service(boolean ipv6) {
        return ipv6 ? "fd96::78" : "10.96.78.10";
    }

    private static SocketAddress address(String host, int port) {
        return SocketAddress.of(InetAddress.ofLiteral(host), port);
    }

    private void spread(ServiceAddress way, boolean ipv6, Place place, int to) {
        if (place == Place.ROUTER) {
            spreadByRouter(ipv6, to);
        } else {
            way.spread(client, ipv6, service(ipv6), 80, List.of(one.ip(ipv6), two.ip(ipv6)), to);
        }
    }

    /** Both directions go through the router, which else would not see the answers. */
    private void spreadByRouter(boolean ipv6, int to) {
        TestHost router = network.host("router");
        String family = ipv6 ? "-6" : "-4";
        for (String name :
                List.of("ipv4.ip_forward=1", "ipv4.conf.all.send_redirects=0", "ipv6.conf.all.forwarding=1")) {
            router.run("sysctl", "-qw", "net." + name).succeeded();
        }
        client.run(
                        "ip",
                        family,
                        "route",
                        "replace",
                        ipv6 ? TestHost.SERVICES_IPV6 : TestHost.SERVICES_IPV4,
                        "via",
                        router.ip(ipv6))
                .succeeded();
        for (TestHost backend : List.of(one, two)) {
            backend.run("ip", family, "route", "add", client.ip(ipv6), "via", router.ip(ipv6))
                    .succeeded();
        }
        String ip = ipv6 ? "ip6" : "ip";
        router.nft(String.format(
                Locale.ROOT,
                "table %s service { chain in { type nat hook prerouting priority -100; policy accept;"
                        + " %s daddr %s tcp dport 80 dnat to numgen inc mod 2 map { 0 : %s, 1 : %s } : %d; }; }",
                ip,
                ip,
                service(ipv6),
                one.ip(ipv6),
                two.ip(ipv6),
                to));
    }

    /** This test's own rows of the service by what was reached. */
    private Map<SocketAddress, TcpTotals> reached(TcpProbe probe, SocketAddress dialled) throws IOException {
        Map<SocketAddress, TcpTotals> rows = new HashMap<>();
        CgroupRef own = cgroup.ref();
        probe.readDestinations((destination, totals) -> {
            if (destination.cgroup().equals(own) && destination.address().equals(dialled)) {
                rows.merge(destination.actual(), totals, TcpTotals::plus);
            }
        });
        return rows;
    }

    private static TcpTotals row(Map<SocketAddress, TcpTotals> rows, SocketAddress actual) {
        return rows.getOrDefault(actual, TcpTotals.NONE);
    }

    private static long successful(Map<SocketAddress, TcpTotals> rows, SocketAddress actual) {
        return row(rows, actual).connects().successful();
    }

    private static long accepted(TestHost backend) {
        return backend.counter("Tcp", "PassiveOpens");
    }

    private void run(String mode, Object... arguments) throws Exception {
        StringBuilder line = new StringBuilder(CLIENT).append(' ').append(mode);
        for (Object argument : arguments) {
            line.append(' ').append(argument);
        }
        Process process = cgroup.start(client.inside(line.toString()));
        assertThat(process.waitFor()).as(process.inputReader().readLine()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT, NFT, false, SOCK_OPS",
        "CLIENT, NFT, true, SOCK_OPS",
        "CLIENT, IPTABLES, false, SOCK_OPS",
        "CLIENT, IPTABLES, true, SOCK_OPS",
        "CLIENT, NFT, true, TYPED_TRACEPOINT",
        "HOST, NFT, false, SOCK_OPS",
        "HOST, IPTABLES, true, SOCK_OPS",
        "ROUTER, NFT, false, SOCK_OPS",
        "ROUTER, NFT, true, SOCK_OPS"
    })
    void eachConnectionShowsWhatItReached(Place place, ServiceAddress way, boolean ipv6, TcpHook hook)
            throws Exception {
        int connects = 2_400;
        spread(way, ipv6, place, PORT);
        try (TcpProbe probe = open(place == Place.HOST ? procOfClient() : PROC, hook)) {
            SocketAddress service = address(service(ipv6), 80);
            run("connect", service(ipv6), 80, connects, 4);

            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(rows.keySet())
                    .containsExactlyInAnyOrder(address(one.ip(ipv6), PORT), address(two.ip(ipv6), PORT));
            assertThat(successful(rows, address(one.ip(ipv6), PORT)))
                    .isEqualTo(accepted(one))
                    .isPositive();
            assertThat(successful(rows, address(two.ip(ipv6), PORT)))
                    .isEqualTo(accepted(two))
                    .isPositive();
            assertThat(accepted(one) + accepted(two)).isEqualTo(connects);
            assertThat(rows.values()).allMatch(totals -> totals.active() == 0);
            assertThat(probe.drops()).containsEntry("translation", 0L);
            assertThat(probe.degraded()).isEmpty();
        }
    }

    @Test
    void whatTheBackendRefusesCountsAsDialled() throws Exception {
        SocketAddress service = address(service(false), 80);
        ServiceAddress.NFT.spread(client, false, service(false), 80, List.of(one.ipv4(), two.ipv4()), 9_999);
        try (TcpProbe probe = open()) {
            run("refused", service(false), 80, 200, 2);

            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(rows.keySet()).containsExactly(service);
            assertThat(row(rows, service).connects().refused()).isEqualTo(200);
        }
    }

    /** From one and the same port; waits for the backend to close first, so the port is free again at once. */
    private void connectFromOnePort(String host) throws Exception {
        Process process = cgroup.start(client.inside("perl -e '" + FROM_ONE_PORT + "' " + host));
        assertThat(process.waitFor()).isZero();
    }

    /** The client's namespace goes on tracking connections without the rule, or stops, and so announces nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void portThatIsUsedAgainIsNotTranslatedWhenTheRuleIsGone(boolean tracks) throws Exception {
        SocketAddress service = address(service(false), 80);
        SocketAddress backend = address(one.ipv4(), PORT);
        if (tracks) {
            client.nft(
                    "table ip track { chain in { type filter hook input priority 0; ct state established accept; }; }");
        }
        try (TcpProbe probe = open()) {
            ServiceAddress.NFT.spread(client, false, service(false), 80, List.of(one.ipv4()), PORT);
            connectFromOnePort(service(false));
            assertThat(successful(reached(probe, service), backend)).isEqualTo(1);

            client.run("nft", "delete table ip service").succeeded();
            two.run("ip", "address", "add", service(false) + "/32", "dev", "eth0")
                    .succeeded();
            serve(two, "80");
            connectFromOnePort(service(false));

            assertThat(successful(reached(probe, service), backend)).isEqualTo(1);
            assertThat(successful(reached(probe, service), service)).isEqualTo(1);
            assertThat(accepted(one)).isEqualTo(1);
            assertThat(accepted(two)).isEqualTo(1);
        }
    }

    @Test
    void portThatIsUsedAgainIsTranslatedWhenThereIsARuleByNow() throws Exception {
        SocketAddress service = address(service(false), 80);
        client.nft("table ip track { chain in { type filter hook input priority 0; ct state established accept; }; }");
        two.run("ip", "address", "add", service(false) + "/32", "dev", "eth0").succeeded();
        serve(two, "80");
        try (TcpProbe probe = open()) {
            connectFromOnePort(service(false));
            ServiceAddress.NFT.spread(client, false, service(false), 80, List.of(one.ipv4()), PORT);
            connectFromOnePort(service(false));

            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(successful(rows, service)).isEqualTo(1).isEqualTo(accepted(two));
            assertThat(successful(rows, address(one.ipv4(), PORT))).isEqualTo(1).isEqualTo(accepted(one));
        }
    }

    @Test
    void retransmittedSynIsOfTheBackendToo() throws Exception {
        SocketAddress service = address(service(true), 80);
        ServiceAddress.NFT.spread(client, true, service(true), 80, List.of(one.ipv6()), PORT);
        // The first SYN of each connection; one at a time comes.
        one.nft("table inet lose { chain in { type filter hook input priority -10; policy accept;"
                + " tcp flags & (syn | ack) == syn numgen inc mod 2 == 0 drop; }; }");
        try (TcpProbe probe = open()) {
            run("connect", service(true), 80, 3, 1);

            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(rows.keySet()).containsExactly(address(one.ipv6(), PORT));
            TcpTotals totals = row(rows, address(one.ipv6(), PORT));
            assertThat(totals.connects().successful()).isEqualTo(3).isEqualTo(accepted(one));
            assertThat(totals.traffic().retransmits()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, false", "CLIENT, true", "HOST, false", "ROUTER, true"})
    void connectionsOlderThanTheProbeShowWhatTheyReached(Place place, boolean ipv6) throws Exception {
        int kept = 8_081;
        serve(one, "-k " + kept);
        serve(two, "-k " + kept);
        SocketAddress service = address(service(ipv6), 80);
        spread(ServiceAddress.NFT, ipv6, place, kept);
        Process holder = cgroup.start(client.inside(CLIENT + " hold " + service(ipv6) + " 80 60"));
        assertThat(holder.inputReader().readLine()).startsWith("ready");
        try (TcpProbe probe = open(place == Place.HOST ? procOfClient() : PROC, TcpHook.SOCK_OPS)) {
            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(rows.keySet())
                    .containsExactlyInAnyOrder(address(one.ip(ipv6), kept), address(two.ip(ipv6), kept));
            assertThat(row(rows, address(one.ip(ipv6), kept)).active()).isEqualTo(accepted(one));
            assertThat(row(rows, address(two.ip(ipv6), kept)).active()).isEqualTo(accepted(two));
            assertThat(accepted(one) + accepted(two)).isEqualTo(60);
            assertThat(rows.values()).allMatch(totals -> totals.connects().successful() == 0);

            holder.destroy();
            holder.waitFor();

            Eventually.within(
                    SOON, () -> assertThat(reached(probe, service).values()).allMatch(totals -> totals.active() == 0));
        }
    }

    @Test
    void nothingIsMissedWhenTheProbeComesInTheMiddle() throws Exception {
        int connects = 6_000;
        SocketAddress service = address(service(false), 80);
        spread(ServiceAddress.NFT, false, Place.CLIENT, PORT);
        Process load =
                cgroup.start(client.inside(CLIENT + " connect " + service(false) + " 80 " + connects + " 4 1500"));
        Eventually.within(SOON, () -> assertThat(accepted(two)).isGreaterThan(200));
        try (TcpProbe probe = open()) {
            assertThat(load.isAlive()).isTrue();
            assertThat(load.waitFor()).isZero();

            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(rows.keySet()).containsExactlyInAnyOrder(address(one.ipv4(), PORT), address(two.ipv4(), PORT));
            long first = successful(rows, address(one.ipv4(), PORT));
            long second = successful(rows, address(two.ipv4(), PORT));
            // They take turns; four may be on their way when the first is seen.
            assertThat(first).isBetween(second - 8, second + 8).isPositive();
            assertThat(first + second).isLessThan(connects);
            assertThat(rows.values()).allMatch(totals -> totals.active() == 0);
        }
    }

    @Test
    void conntrackThatAnnouncesNothingIsToldWithTheRemedy() throws Exception {
        Path proc = procOfClient();
        Path settings = Files.createDirectories(proc.resolve("sys/net/netfilter"));
        Files.writeString(settings.resolve("nf_conntrack_max"), "262144\n");
        Files.writeString(settings.resolve("nf_conntrack_events"), "0\n");
        try (TcpProbe probe = open(proc, TcpHook.SOCK_OPS)) {
            assertThat(probe.degraded())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .contains("nf_conntrack_events")
                            .endsWith("sysctl -w net.netfilter.nf_conntrack_events=1"));

            Files.writeString(settings.resolve("nf_conntrack_events"), "2\n");
            Eventually.within(SOON, () -> assertThat(probe.degraded()).isEmpty());
        }
    }

    @Test
    void machineThatCannotTranslateIsHeardFromWhenItCan() throws Exception {
        Path proc = procOfClient();
        Path settings = Files.createDirectories(proc.resolve("sys/net/netfilter"));
        Files.writeString(settings.resolve("nf_conntrack_max"), "262144\n");
        Files.writeString(settings.resolve("nf_conntrack_events"), "2\n");
        Files.writeString(proc.resolve("modules"), "nf_conntrack 1 0 - Live 0x0\n");
        SocketAddress service = address(service(false), 80);
        SocketAddress backend = address(one.ipv4(), PORT);
        ServiceAddress.NFT.spread(client, false, service(false), 80, List.of(one.ipv4()), PORT);
        try (TcpProbe probe = open(proc, TcpHook.SOCK_OPS)) {
            connectFromOnePort(service(false));
            assertThat(reached(probe, service).keySet()).containsExactly(service);
            assertThat(probe.degraded()).isEmpty();

            Files.writeString(proc.resolve("modules"), "nf_nat 1 0 - Live 0x0\nnf_conntrack 1 1 nf_nat, Live 0x0\n");

            Eventually.within(SOON, () -> {
                run("connect", service(false), 80, 10, 1);
                assertThat(successful(reached(probe, service), backend)).isGreaterThanOrEqualTo(10);
            });
            Map<SocketAddress, TcpTotals> rows = reached(probe, service);
            assertThat(successful(rows, backend) + successful(rows, service)).isEqualTo(accepted(one));
        }
    }
}
