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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
                public List<SocketAddress> of(int netns, int process) {
                    return netns == NETNS ? local : List.of();
                }

                @Override
                public List<SocketAddress> ofHost() {
                    return List.of(address("192.168.0.9", 0), address("127.0.0.1", 0), address("fd00::9", 0));
                }
            },
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
        MetricTable table = ledger.table();
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
}
