package io.nodetelemetry.internal.collectors.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers in real network namespaces, asked every second. Their cgroups are files of the test. */
@Tag("kernel")
@Requires(HostFeature.ROOT)
class PingCollectorIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final PingCollector.Config EVERY_SECOND =
            new PingCollector.Config(Duration.ofSeconds(1), Duration.ofMillis(500), 100, 1_000);

    @TempDir
    Path cgroups;

    private final TestNetwork network = TestNetwork.of("one", "two", "server");
    private final TestHost one = network.host("one");
    private final TestHost two = network.host("two");
    private final TestHost server = network.host("server");
    private final ContainerRegistry registry = new ContainerRegistry(
            InstantSource.system(), ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final Map<ContainerId, List<String>> talks = new ConcurrentHashMap<>();
    private final Peers peers = visitor -> talks.forEach((container, hosts) ->
            hosts.forEach(host -> visitor.peer(container, TargetChoiceTest.address(host, 80), 1)));
    private final PingCollector collector = new PingCollector(EVERY_SECOND, registry, peers);

    @BeforeEach
    void start() throws Exception {
        Files.createFile(cgroups.resolve("cgroup.controllers"));
        collector.start(new CollectorContext(InstantSource.system(), Path.of("/proc"), Path.of("/sys"), cgroups));
    }

    @AfterEach
    void close() {
        collector.close();
        network.close();
    }

    private ContainerId unit(String name, long process, String... hosts) throws IOException {
        Path directory = Files.createDirectories(cgroups.resolve("system.slice/" + name + ".service"));
        Files.writeString(directory.resolve("cgroup.procs"), process + "\n");
        CgroupRef ref = new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
        registry.cgroupCreated(ref, new CgroupPath("/system.slice/" + name + ".service"));
        ContainerId id = registry.containerOf(ref).orElseThrow().id().orElseThrow();
        talks.put(id, List.of(hosts));
        return id;
    }

    /** Seconds by {@code container destination}. */
    private Map<String, Double> latencies() throws Exception {
        MetricTable table = collector.collect().getFirst();
        Map<String, Double> values = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            String container =
                    table.labels(i).get(0).replace("/system.slice/", "").replace(".service", "");
            values.put(container + " " + table.labels(i).get(1), table.doubleValue(0, i));
        }
        assertThat(values.values()).allSatisfy(seconds -> assertThat(seconds).isBetween(1e-7, 0.5));
        return values;
    }

    private void awaitLatencies(String... expected) {
        Eventually.within(SOON, () -> assertThat(latencies().keySet()).containsExactlyInAnyOrder(expected));
    }

    @Test
    void containersAskFromTheirOwnNamespaces() throws Exception {
        unit("a", one.pid(), server.ipv4(), server.ipv6(), "127.0.0.1", "::1");
        unit("b", two.pid(), server.ipv4(), one.ipv4());
        // Nobody but the host itself can reach this one.
        two.run("ip", "address", "add", "192.0.2.1/32", "dev", "lo").succeeded();
        unit("c", two.pid(), "192.0.2.1");

        awaitLatencies(
                "a " + server.ipv4(), "a " + server.ipv6(), "b " + server.ipv4(), "b " + one.ipv4(), "c 192.0.2.1");
        assertThat(collector.degraded()).isEmpty();
        assertThat(collector.drops())
                .allSatisfy((reason, count) -> assertThat(count).isZero());
    }

    @Test
    void containersThatShareANamespaceShareTheMeasurement() throws Exception {
        unit("a", one.pid(), server.ipv4());
        unit("b", one.pid(), server.ipv4());
        awaitLatencies("a " + server.ipv4(), "b " + server.ipv4());

        long before = server.counter("Icmp", "InEchos");
        long begin = System.nanoTime();
        Eventually.within(
                SOON, () -> assertThat(server.counter("Icmp", "InEchos")).isGreaterThanOrEqualTo(before + 4));

        // Four requests for two containers take four rounds, so three seconds, less what the first one came late by.
        // Asked for by each, they would take two rounds.
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofMillis(2_200).toNanos());
        Map<String, Double> latencies = latencies();
        assertThat(latencies.get("a " + server.ipv4())).isEqualTo(latencies.get("b " + server.ipv4()));
    }

    @Test
    void seriesOfWhatFallsSilentGoesAndComesBack() throws Exception {
        unit("a", one.pid(), server.ipv4(), two.ipv4());
        unit("b", two.pid(), server.ipv6());
        awaitLatencies("a " + server.ipv4(), "a " + two.ipv4(), "b " + server.ipv6());

        server.nft("table ip x { chain y { type filter hook input priority 0; policy accept;"
                + " icmp type echo-request drop; }; }");
        awaitLatencies("a " + two.ipv4(), "b " + server.ipv6());

        server.nftFlush();
        awaitLatencies("a " + server.ipv4(), "a " + two.ipv4(), "b " + server.ipv6());
    }

    @Test
    void firewallOfTheContainerCostsItAloneAndIsCounted() throws Exception {
        one.nft("table inet x { chain y { type filter hook output priority 0; policy accept;"
                + " meta l4proto { icmp, ipv6-icmp } drop; }; }");
        unit("a", one.pid(), server.ipv4());
        unit("b", two.pid(), server.ipv4(), "198.51.100.1");

        awaitLatencies("b " + server.ipv4());
        Eventually.within(SOON, () -> {
            assertThat(collector.drops().get("forbidden")).isPositive();
            assertThat(collector.drops().get("unreachable")).isPositive();
        });
        assertThat(collector.degraded()).isEmpty();
        assertThat(latencies()).containsOnlyKeys("b " + server.ipv4());
    }

    @Test
    void namespaceThatVanishesTakesItsSeriesAlong() throws Exception {
        unit("a", one.pid(), server.ipv4());
        unit("b", two.pid(), server.ipv4());
        awaitLatencies("a " + server.ipv4(), "b " + server.ipv4());

        // Rounds are under way all the time, as one target of both is silent.
        talks.replaceAll((container, hosts) -> List.of(server.ipv4(), "10.77.0.99"));
        one.close();

        awaitLatencies("b " + server.ipv4());
        assertThat(collector.degraded()).isEmpty();
        assertThat(latencies()).containsOnlyKeys("b " + server.ipv4());
    }

    @Test
    void timestampsAndNamespacesAreLetGo() throws Exception {
        unit("a", one.pid(), server.ipv4());
        awaitLatencies("a " + server.ipv4());

        Eventually.within(SOON, () -> assertThat(rawSockets()).isZero());
        collector.close();
        Eventually.within(
                SOON,
                () -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("nodetelemetry-ping")));
        assertThat(rawSockets()).isZero();
    }

    /** Raw ICMP sockets in the first host, besides the line of headings. */
    private long rawSockets() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + one.pid() + "/net/raw"))) {
            return lines.count() - 1;
        }
    }
}
