package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ListenerLedgerTest {
    private static final int NETNS = 7;
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final CgroupRef DOCKER = new CgroupRef(0, 200);
    private static final String DOCKER_ID = "0123456789abcdef".repeat(4);

    private final ContainerRegistry registry = new ContainerRegistry(
            () -> Instant.EPOCH, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final FakeCounters kernel = new FakeCounters();
    private List<SocketAddress> local = List.of(address("10.0.0.2", 0), address("fd00::2", 0));
    private final ListenerLedger ledger = new ListenerLedger(
            registry,
            new NamespaceAddresses() {
                @Override
                public List<SocketAddress> of(int netns, int process, Supplier<List<Integer>> others) {
                    return netns == NETNS ? local : List.of();
                }

                @Override
                public List<SocketAddress> ofHost() {
                    return List.of(address("192.168.0.9", 0), address("127.0.0.1", 0), address("fd00::9", 0));
                }
            },
            10,
            1_000);

    ListenerLedgerTest() {
        registry.cgroupCreated(WEB, new CgroupPath("/system.slice/web.service"));
    }

    private static SocketAddress address(String literal, int port) {
        return SocketAddress.of(InetAddress.ofLiteral(literal), port);
    }

    private Map<String, Double> read(long now) throws IOException {
        ledger.read(kernel, now);
        Map<String, Double> series = new TreeMap<>();
        MetricTable table = ledger.tables().getFirst();
        for (int row = 0; row < table.size(); row++) {
            series.put(table.labels(row).toString(), table.doubleValue(0, row));
        }
        return series;
    }

    private void listen(String literal, boolean ipv6, long open, long closedNanos) {
        kernel.listeners.put(
                new TcpListener(
                        WEB, address(literal, 80), NETNS, ipv6 ? TcpListener.Family.IPV6 : TcpListener.Family.IPV4),
                new TcpListenerState(open, closedNanos, 0, 4));
    }

    @Test
    void boundAddressIsShownAsItIs() throws IOException {
        listen("10.0.0.2", false, 1, 0);

        assertThat(read(0)).containsExactly(Map.entry("[/system.slice/web.service, 10.0.0.2:80, ]", 1.0));
    }

    @Test
    void ipv4WildcardStandsForTheIpv4AddressesOfItsNamespace() throws IOException {
        listen("0.0.0.0", false, 1, 0);

        assertThat(read(0)).containsExactly(Map.entry("[/system.slice/web.service, 10.0.0.2:80, ]", 1.0));
    }

    @Test
    void ipv6WildcardStandsForBothFamilies() throws IOException {
        listen("::", true, 1, 0);

        assertThat(read(0))
                .containsOnlyKeys(
                        "[/system.slice/web.service, 10.0.0.2:80, ]", "[/system.slice/web.service, [fd00::2]:80, ]");
    }

    @Test
    void wildcardStaysWhereTheAddressesAreUnknown() throws IOException {
        local = List.of();
        listen("0.0.0.0", false, 1, 0);

        assertThat(read(0)).containsOnlyKeys("[/system.slice/web.service, 0.0.0.0:80, ]");
    }

    @Test
    void closedListenerIsZeroForAWhileAndThenForgotten() throws IOException {
        listen("10.0.0.2", false, 0, 5_000);

        assertThat(read(6_000)).containsExactly(Map.entry("[/system.slice/web.service, 10.0.0.2:80, ]", 0.0));
        assertThat(read(6_001)).isEmpty();
        assertThat(kernel.listeners).isEmpty();
    }

    @Test
    void oneOpenSocketOfSeveralIsEnough() throws IOException {
        listen("10.0.0.2", false, 0, 5_000);
        listen("0.0.0.0", false, 1, 0);

        assertThat(read(5_500)).containsExactly(Map.entry("[/system.slice/web.service, 10.0.0.2:80, ]", 1.0));
    }

    @Test
    void publishedPortIsShownWithItsProxyOnTheHostsAddressesOfTheSameFamily() throws IOException {
        registry.cgroupCreated(DOCKER, new CgroupPath("/docker/" + DOCKER_ID));
        var docker = registry.containerOf(DOCKER).orElseThrow();
        registry.metadata(
                docker.key(),
                Optional.of(ContainerMetadata.EMPTY
                        .withName("web")
                        .withPublishedPorts(List.of(address("0.0.0.0", 8080), address("127.0.0.1", 9090)))));

        assertThat(read(0))
                .containsOnlyKeys(
                        "[/docker/web, 127.0.0.1:8080, dockerd]",
                        "[/docker/web, 192.168.0.9:8080, dockerd]",
                        "[/docker/web, 127.0.0.1:9090, dockerd]");
    }

    private void listenAgain(CgroupRef cgroup, String literal, long retransmits) {
        kernel.listeners.put(
                new TcpListener(cgroup, address(literal, 80), NETNS, TcpListener.Family.IPV4),
                new TcpListenerState(1, 0, retransmits, 4));
    }

    private Map<String, Double> retransmits(long now) throws IOException {
        ledger.read(kernel, now);
        Map<String, Double> series = new TreeMap<>();
        MetricTable table = ledger.tables().getLast();
        for (int row = 0; row < table.size(); row++) {
            series.put(table.labels(row).toString(), table.doubleValue(0, row));
        }
        return series;
    }

    @Test
    void ipv6OnlyWildcardStandsForTheIpv6AddressesAlone() throws IOException {
        kernel.listeners.put(
                new TcpListener(WEB, address("::", 80), NETNS, TcpListener.Family.IPV6_ONLY),
                new TcpListenerState(1, 0, 0, 4));

        assertThat(read(0)).containsOnlyKeys("[/system.slice/web.service, [fd00::2]:80, ]");
    }

    @Test
    void publishedIpv6PortsHaveBrackets() throws IOException {
        registry.cgroupCreated(DOCKER, new CgroupPath("/docker/" + DOCKER_ID));
        registry.metadata(
                registry.containerOf(DOCKER).orElseThrow().key(),
                Optional.of(ContainerMetadata.EMPTY
                        .withName("web")
                        .withPublishedPorts(List.of(address("::", 8080), address("fd00::9", 9090)))));

        assertThat(read(0))
                .containsOnlyKeys("[/docker/web, [fd00::9]:8080, dockerd]", "[/docker/web, [fd00::9]:9090, dockerd]");
    }

    @Test
    void processesOfTheContainerAreAskedWhereTheListenersIsGone() throws IOException {
        List<Integer> asked = new ArrayList<>();
        ListenerLedger curious = new ListenerLedger(
                registry,
                new NamespaceAddresses() {
                    @Override
                    public List<SocketAddress> of(int netns, int process, Supplier<List<Integer>> others) {
                        asked.addAll(others.get());
                        return local;
                    }

                    @Override
                    public List<SocketAddress> ofHost() {
                        return List.of();
                    }
                },
                10,
                1_000);
        curious.ask(container -> List.of(container.key().toString().length()));
        listen("0.0.0.0", false, 1, 0);

        curious.read(kernel, 0);

        assertThat(asked)
                .containsExactly(
                        registry.containerOf(WEB).orElseThrow().key().toString().length());
    }

    @Test
    void whatFindsNoRoomIsCountedOnce() throws IOException {
        for (int i = 1; i <= 12; i++) {
            listen("10.0.1." + i, false, 1, 0);
        }

        assertThat(read(0)).hasSize(10);
        assertThat(read(1)).hasSize(10);
        assertThat(ledger.dropped()).isEqualTo(2);
    }

    @Test
    void retransmitsOfAWildcardStandAtTheWildcard() throws IOException {
        listenAgain(WEB, "0.0.0.0", 3);
        kernel.listeners.put(
                new TcpListener(WEB, address("::", 81), NETNS, TcpListener.Family.IPV6),
                new TcpListenerState(1, 0, 4, 4));
        listen("10.0.0.2", false, 1, 0);

        assertThat(retransmits(0))
                .containsOnly(
                        Map.entry("[/system.slice/web.service, 0.0.0.0:80]", 3.0),
                        Map.entry("[/system.slice/web.service, [::]:81]", 4.0));
    }

    @Test
    void retransmitsOfAListenerThatIsGoneStayWithItsSuccessor() throws IOException {
        CgroupRef again = new CgroupRef(0, 101);
        listenAgain(WEB, "10.0.0.2", 3);
        retransmits(0);
        registry.cgroupRemoved(WEB);
        registry.cgroupCreated(again, new CgroupPath("/system.slice/web.service"));
        listenAgain(again, "10.0.0.2", 2);
        kernel.listeners.put(
                new TcpListener(WEB, address("10.0.0.2", 80), NETNS, TcpListener.Family.IPV4),
                new TcpListenerState(0, 5, 4, 4));
        String key = "[/system.slice/web.service, 10.0.0.2:80]";
        assertThat(retransmits(6)).containsOnly(Map.entry(key, 6.0));

        assertThat(retransmits(2_000)).containsOnly(Map.entry(key, 6.0));
        assertThat(kernel.listeners).hasSize(1);
        assertThat(retransmits(2_001)).containsOnly(Map.entry(key, 6.0));
        assertThat(retransmits(2_002)).containsOnly(Map.entry(key, 6.0));
    }

    @Test
    void retransmitsOfManyPastListenersAreJoined() throws IOException {
        for (int i = 1; i <= 30; i++) {
            kernel.listeners.clear();
            listenAgain(WEB, "10.0.1." + i, 1);
            retransmits(i);
        }

        Map<String, Double> series = retransmits(31);
        assertThat(series).hasSizeLessThanOrEqualTo(11).containsKey("[/system.slice/web.service, ~other]");
        assertThat(series.values().stream().mapToDouble(each -> each).sum()).isEqualTo(30);
    }
}
