package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConnectionLedgerTest {
    private static final long IDLE_NANOS = 1_000;
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final CgroupRef WEB_AGAIN = new CgroupRef(0, 101);
    private static final CgroupRef SHELL = new CgroupRef(0, 102);
    private static final SocketAddress DB = SocketAddress.of(InetAddress.ofLiteral("10.0.0.5"), 5432);
    private static final SocketAddress CACHE = SocketAddress.of(InetAddress.ofLiteral("fd00::5"), 6379);

    private Instant now = Instant.ofEpochSecond(1_000);
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final FakeCounters kernel = new FakeCounters();
    private final ConnectionLedger ledger = new ConnectionLedger(registry, 10, 100, IDLE_NANOS);

    ConnectionLedgerTest() {
        registry.cgroupCreated(WEB, new CgroupPath("/system.slice/web.service"));
        registry.listen(new ContainerListener() {
            @Override
            public void forgotten(Container container, Optional<Container> heir) {
                try {
                    ledger.forget(container, heir, kernel);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private static TcpTotals successful(long count, long active) {
        return new TcpTotals(TcpConnects.successful(count, count * 1_000_000_000L), TcpTraffic.NONE, active, 0);
    }

    private static TcpTotals failed(long refused) {
        return new TcpTotals(new TcpConnects(0, 0, refused, 0, 0, 0, 0, 0), TcpTraffic.NONE, 0, 0);
    }

    /** Every series as {@code family values} = value. */
    private Map<String, Double> read() throws IOException {
        ledger.read(kernel);
        return series(ledger);
    }

    private static Map<String, Double> series(ConnectionLedger ledger) {
        Map<String, Double> series = new TreeMap<>();
        for (MetricTable table : ledger.tables()) {
            for (int row = 0; row < table.size(); row++) {
                for (int family = 0; family < table.families().size(); family++) {
                    if (table.isPresent(family, row)) {
                        String name = table.families().get(family).name().replace("container_net_tcp_", "");
                        series.put(name + " " + table.labels(row), table.doubleValue(family, row));
                    }
                }
            }
        }
        return series;
    }

    @Test
    void rowIsReportedUnderItsContainer() throws IOException {
        kernel.destinations.put(
                new TcpDestination(WEB, DB),
                new TcpTotals(
                        new TcpConnects(7, 500_000_000, 1, 1, 0, 0, 0, 1), new TcpTraffic(11, 13, 3, 1, 600, 2), 4, 0));

        String connection = " [10.0.0.5:5432, /system.slice/web.service, 10.0.0.5:5432]";
        assertThat(read())
                .containsEntry("successful_connects" + connection, 7.0)
                .containsEntry("connection_time" + connection, 0.5)
                .containsEntry("active_connections" + connection, 4.0)
                .containsEntry("retransmits" + connection, 3.0)
                .containsEntry("bytes_sent" + connection, 11.0)
                .containsEntry("bytes_received" + connection, 13.0)
                .containsEntry("reset_connections" + connection, 1.0)
                .containsEntry("rtt" + connection, 300e-6)
                .containsEntry("failed_connects [/system.slice/web.service, 10.0.0.5:5432]", 2.0)
                .containsEntry("connect_failures [/system.slice/web.service, 10.0.0.5:5432, refused]", 1.0)
                .containsEntry("connect_failures [/system.slice/web.service, 10.0.0.5:5432, timed_out]", 1.0)
                .containsEntry("abandoned_connects [/system.slice/web.service, 10.0.0.5:5432]", 1.0)
                .hasSize(12);
    }

    @Test
    void onlyWhatHappenedIsASeries() throws IOException {
        kernel.destinations.put(new TcpDestination(WEB, DB), failed(2));

        assertThat(read())
                .containsOnlyKeys(
                        "failed_connects [/system.slice/web.service, 10.0.0.5:5432]",
                        "connect_failures [/system.slice/web.service, 10.0.0.5:5432, refused]");
    }

    @Test
    void connectionsOlderThanTheAgentAreActiveAndNoConnects() throws IOException {
        kernel.destinations.put(new TcpDestination(WEB, CACHE), successful(0, 5));

        String connection = " [[fd00::5]:6379, /system.slice/web.service, [fd00::5]:6379]";
        assertThat(read())
                .containsEntry("active_connections" + connection, 5.0)
                .containsEntry("successful_connects" + connection, 0.0);

        kernel.destinations.put(new TcpDestination(WEB, CACHE), successful(0, 0));
        assertThat(read())
                .doesNotContainKey("active_connections" + connection)
                .containsEntry("successful_connects" + connection, 0.0);
    }

    @Test
    void missedCloseIsTakenOffTheActiveOnes() throws IOException {
        TcpDestination destination = new TcpDestination(WEB, DB);
        kernel.destinations.put(destination, successful(0, 5));
        read();

        ledger.missedClose(destination);

        assertThat(read())
                .containsEntry("active_connections [10.0.0.5:5432, /system.slice/web.service, 10.0.0.5:5432]", 4.0);
    }

    @Test
    void cgroupsThatAreNoContainersAreNotReported() throws IOException {
        registry.cgroupCreated(SHELL, new CgroupPath("/user.slice/user-0.slice/session-1.scope"));
        kernel.destinations.put(new TcpDestination(SHELL, DB), successful(1, 1));
        kernel.destinations.put(new TcpDestination(new CgroupRef(0, 999), DB), successful(1, 1));

        assertThat(read()).isEmpty();
        assertThat(registry.unresolved()).containsExactly(new CgroupRef(0, 999));
    }

    @Test
    void endedContainerIsReportedForTheRetentionAndThenRemovedFromTheKernel() throws IOException {
        kernel.destinations.put(new TcpDestination(WEB, DB), successful(3, 0));
        kernel.overflow.put(WEB, successful(1, 0));
        read();
        registry.cgroupRemoved(WEB);
        now = now.plus(Duration.ofMinutes(9));
        registry.tick();
        assertThat(read()).isNotEmpty();

        now = now.plus(Duration.ofMinutes(2));
        registry.tick();

        assertThat(read()).isEmpty();
        assertThat(kernel.destinations).isEmpty();
        assertThat(kernel.overflow).isEmpty();
    }

    @Test
    void restartedServiceCountsOn() throws IOException {
        kernel.destinations.put(new TcpDestination(WEB, DB), successful(3, 0));
        read();
        registry.cgroupRemoved(WEB);
        registry.cgroupCreated(WEB_AGAIN, new CgroupPath("/system.slice/web.service"));
        kernel.destinations.put(new TcpDestination(WEB_AGAIN, DB), successful(2, 1));
        String key = "successful_connects [10.0.0.5:5432, /system.slice/web.service, 10.0.0.5:5432]";
        assertThat(read()).containsEntry(key, 5.0);

        now = now.plus(Duration.ofHours(1));
        registry.tick();
        assertThat(read()).containsEntry(key, 5.0);
    }

    @Test
    void overflowIsReportedAsOther() throws IOException {
        kernel.overflow.put(WEB, successful(12, 2));

        assertThat(read())
                .containsEntry("successful_connects [~other, /system.slice/web.service, ~other]", 12.0)
                .containsEntry("active_connections [~other, /system.slice/web.service, ~other]", 2.0);
    }

    @Test
    void idleRowsMakeRoomAndTheTotalStays() throws IOException {
        for (int i = 0; i < 9; i++) {
            SocketAddress address = new SocketAddress(DB.high(), DB.low(), 1_000 + i);
            long active = i == 0 ? 1 : 0;
            kernel.destinations.put(
                    new TcpDestination(WEB, address),
                    new TcpTotals(TcpConnects.successful(10, 0), TcpTraffic.NONE, active, 100 + i));
        }
        double before = sumOfConnects();

        ledger.relieve(kernel, 100 + IDLE_NANOS + 3);

        // Idle long enough are the ports 1001 and 1002; 1000 is open, the others were used lately.
        assertThat(kernel.destinations).hasSize(7);
        assertThat(kernel.destinations.keySet())
                .extracting(destination -> destination.address().port())
                .contains(1_000)
                .doesNotContain(1_001, 1_002);
        assertThat(read()).containsEntry("successful_connects [~other, /system.slice/web.service, ~other]", 20.0);
        assertThat(sumOfConnects()).isEqualTo(before).isEqualTo(90.0);
    }

    @Test
    void whatWasInheritedIsBoundedAndTheTotalStays() throws IOException {
        for (int round = 0; round < 5; round++) {
            CgroupRef cgroup = new CgroupRef(0, 500 + round);
            registry.cgroupCreated(cgroup, new CgroupPath("/system.slice/web.service"));
            for (int i = 0; i < 4; i++) {
                SocketAddress address = new SocketAddress(DB.high(), DB.low(), 100 * round + i + 1);
                kernel.destinations.put(
                        new TcpDestination(cgroup, address),
                        new TcpTotals(TcpConnects.successful(10, 0), TcpTraffic.NONE, 0, round));
            }
            read();
            registry.cgroupRemoved(cgroup);
            now = now.plus(Duration.ofMinutes(11));
            registry.tick();
            read();
        }

        assertThat(sumOfConnects()).isEqualTo(200.0);
        assertThat(kernel.destinations).isEmpty();
        assertThat(read().keySet().stream().filter(key -> key.startsWith("successful_connects")))
                .hasSizeLessThanOrEqualTo(10)
                .contains("successful_connects [~other, /system.slice/web.service, ~other]");
    }

    private static TcpDestination to(CgroupRef cgroup, int port) {
        return new TcpDestination(cgroup, new SocketAddress(DB.high(), DB.low(), port));
    }

    private static TcpTotals carried(long connects, long bytes, long active, long lastNanos) {
        return new TcpTotals(
                TcpConnects.successful(connects, 0), new TcpTraffic(bytes, bytes, 0, 0, 0, 0), active, lastNanos);
    }

    private double sum(Map<String, Double> series, String family) {
        return series.entrySet().stream()
                .filter(each -> each.getKey().startsWith(family + " "))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void rowsBeyondWhatACgroupMayHaveGoWhenTheyAreIdle() throws IOException {
        ConnectionLedger small = new ConnectionLedger(registry, 1_000, 10, IDLE_NANOS);
        for (int port = 1; port <= 9; port++) {
            kernel.destinations.put(to(WEB, port), carried(1, 5, port == 1 ? 1 : 0, 100 + port));
        }
        // Being closed: no longer active, and what it carried is not booked yet.
        kernel.open.put(to(WEB, 2), new TcpTraffic(7, 7, 0, 0, 0, 0));
        registry.cgroupCreated(SHELL, new CgroupPath("/system.slice/other.service"));
        kernel.destinations.put(to(SHELL, 1), carried(1, 5, 0, 1));

        small.readAll(kernel);
        small.relieve(kernel, 1_000_000);

        assertThat(kernel.destinations.keySet())
                .hasSize(8)
                .contains(to(WEB, 1), to(WEB, 2), to(SHELL, 1))
                .doesNotContain(to(WEB, 3), to(WEB, 4));
    }

    @Test
    void containerOfSeveralCgroupsHasNoMoreSeriesThanAnyOther() throws IOException {
        ConnectionLedger small = new ConnectionLedger(registry, 1_000, 10, IDLE_NANOS);
        registry.cgroupCreated(WEB_AGAIN, new CgroupPath("/system.slice/web.service"));
        registry.cgroupCreated(SHELL, new CgroupPath("/system.slice/other.service"));
        for (int port = 1; port <= 8; port++) {
            kernel.destinations.put(to(WEB, port), carried(1, 5, 0, 100 + port));
            kernel.destinations.put(to(WEB_AGAIN, 100 + port), carried(1, 5, port == 1 ? 1 : 0, port));
            kernel.destinations.put(to(SHELL, port), carried(1, 5, 0, 0));
        }

        for (int turn = 0; turn < 3; turn++) {
            small.readAll(kernel);
            Map<String, Double> series = series(small);
            List<String> own = series.keySet().stream()
                    .filter(key -> key.startsWith("successful_connects ") && key.contains("web.service"))
                    .toList();
            assertThat(own)
                    .hasSizeLessThanOrEqualTo(11)
                    .contains("successful_connects [~other, /system.slice/web.service, ~other]")
                    .contains("successful_connects [10.0.0.5:101, /system.slice/web.service, 10.0.0.5:101]")
                    .contains("successful_connects [10.0.0.5:8, /system.slice/web.service, 10.0.0.5:8]");
            assertThat(sum(series, "successful_connects")).isEqualTo(24);
            assertThat(sum(series, "bytes_sent")).isEqualTo(120);
            assertThat(series.keySet().stream()
                            .filter(key -> key.startsWith("successful_connects ") && key.contains("other.service")))
                    .hasSize(8);
        }
    }

    @Test
    void joinedDestinationThatIsUsedAgainCountsOnInOther() throws IOException {
        ConnectionLedger small = new ConnectionLedger(registry, 1_000, 2, IDLE_NANOS);
        for (int port = 1; port <= 3; port++) {
            kernel.destinations.put(to(WEB, port), carried(10, 5, 0, port));
        }
        small.readAll(kernel);
        kernel.destinations.put(to(WEB, 1), carried(14, 6, 0, 9));
        small.read(kernel);

        Map<String, Double> series = series(small);
        assertThat(sum(series, "successful_connects")).isEqualTo(34);
        assertThat(sum(series, "bytes_received")).isEqualTo(16);
        assertThat(series)
                .containsEntry("successful_connects [~other, /system.slice/web.service, ~other]", 24.0)
                .containsEntry("successful_connects [10.0.0.5:3, /system.slice/web.service, 10.0.0.5:3]", 10.0);
    }

    @Test
    void removedRowLeavesItsCountsToItsSeriesWhileAnotherRowFeedsIt() throws IOException {
        ConnectionLedger small = new ConnectionLedger(registry, 10, 100, IDLE_NANOS);
        registry.cgroupCreated(WEB_AGAIN, new CgroupPath("/system.slice/web.service"));
        kernel.destinations.put(to(WEB_AGAIN, 1), carried(2, 3, 1, 0));
        for (int port = 1; port <= 8; port++) {
            kernel.destinations.put(to(WEB, port), carried(10, 5, 0, port));
        }
        small.readAll(kernel);
        small.relieve(kernel, 1_000_000);
        assertThat(kernel.destinations).hasSize(7).doesNotContainKey(to(WEB, 1));

        small.read(kernel);
        assertThat(series(small))
                .containsEntry("successful_connects [10.0.0.5:1, /system.slice/web.service, 10.0.0.5:1]", 12.0)
                .containsEntry("bytes_sent [10.0.0.5:1, /system.slice/web.service, 10.0.0.5:1]", 8.0)
                .containsEntry("successful_connects [~other, /system.slice/web.service, ~other]", 10.0);
    }

    private double sumOfConnects() throws IOException {
        return read().entrySet().stream()
                .filter(series -> series.getKey().startsWith("successful_connects"))
                .mapToDouble(series -> series.getValue())
                .sum();
    }
}
