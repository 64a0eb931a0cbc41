package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.metrics.TcpMetrics;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes and round-trip times of connections that are open, close and are read in every order there is. */
final class OpenTrafficTest {
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final TcpDestination DB =
            new TcpDestination(WEB, SocketAddress.of(InetAddress.ofLiteral("10.0.0.5"), 5432));
    private static final int STEPS = 5;

    private enum Step {
        OPEN,
        CARRY,
        CLOSE,
        TURN,
        PASS,
        PASS_WITH_CLOSE_BETWEEN,
        PASS_WITH_TRAFFIC_BETWEEN,
        PASS_WITH_NEW_CONNECTION_BETWEEN;

        void act(World world) {
            switch (this) {
                case OPEN -> world.open();
                case CARRY -> world.carry();
                case CLOSE -> world.close();
                case TURN -> world.read(false);
                case PASS -> world.read(true);
                case PASS_WITH_CLOSE_BETWEEN -> world.readWith(world::close);
                case PASS_WITH_TRAFFIC_BETWEEN -> world.readWith(world::carry);
                case PASS_WITH_NEW_CONNECTION_BETWEEN ->
                    world.readWith(() -> {
                        world.close();
                        world.open();
                        world.carry();
                    });
            }
        }
    }

    /** A kernel with one row, and what really happened. */
    private static final class World {
        private final FakeCounters kernel = new FakeCounters();
        private final ConnectionLedger ledger;
        private final boolean overflow;
        private final Deque<Long> open = new ArrayDeque<>();
        private long carried;
        private long closedBytes;
        private long made;
        private long shown;

        World(boolean overflow) {
            this.overflow = overflow;
            ContainerRegistry registry = new ContainerRegistry(
                    () -> Instant.EPOCH, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
            registry.cgroupCreated(WEB, new CgroupPath("/system.slice/web.service"));
            ledger = new ConnectionLedger(registry, 100, 100, 1_000);
        }

        void open() {
            open.add(0L);
            made++;
            publish();
        }

        void carry() {
            if (!open.isEmpty()) {
                long bytes = open.removeLast() + 10;
                open.addLast(bytes);
                carried += 10;
                publish();
            }
        }

        void close() {
            if (!open.isEmpty()) {
                closedBytes += open.removeFirst();
                publish();
            }
        }

        private void publish() {
            long unbooked = open.stream().mapToLong(each -> each).sum();
            TcpTotals row = new TcpTotals(
                    TcpConnects.successful(made, 0),
                    new TcpTraffic(closedBytes, 2 * closedBytes, 0, 0, 0, 0),
                    open.size(),
                    0);
            TcpTraffic traffic = new TcpTraffic(unbooked, 2 * unbooked, 0, 0, 100L * open.size(), open.size());
            if (overflow) {
                kernel.overflow.put(WEB, row);
                kernel.openOverflow.put(WEB, traffic);
            } else {
                kernel.destinations.put(DB, row);
                kernel.open.put(DB, traffic);
            }
        }

        void readWith(Runnable between) {
            kernel.beforeOpen = between;
            read(true);
            kernel.beforeOpen = () -> {};
        }

        void read(boolean pass) {
            try {
                if (pass) {
                    ledger.readAll(kernel);
                } else {
                    ledger.read(kernel);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            long now = bytesSent();
            assertThat(now).isBetween(shown, carried);
            shown = now;
        }

        private long bytesSent() {
            var table = ledger.tables().getFirst();
            int family = table.families().indexOf(TcpMetrics.TCP_BYTES_SENT);
            int received = table.families().indexOf(TcpMetrics.TCP_BYTES_RECEIVED);
            if (table.size() == 0) {
                return 0;
            }
            assertThat(table.doubleValue(received, 0)).isEqualTo(2 * table.doubleValue(family, 0));
            return (long) table.doubleValue(family, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverTheOrderNothingFallsAndNothingIsCountedTwice(boolean overflow) {
        int orders = (int) Math.pow(Step.values().length, STEPS);
        for (int order = 0; order < orders; order++) {
            World world = new World(overflow);
            List<Step> steps = steps(order);
            try {
                steps.forEach(step -> step.act(world));
                // A pass in which nothing happens finds all there is.
                world.read(true);
                assertThat(world.shown).isEqualTo(world.carried);
                while (!world.open.isEmpty()) {
                    world.close();
                }
                world.read(false);
                assertThat(world.shown).isEqualTo(world.carried);
            } catch (AssertionError e) {
                throw new AssertionError(steps + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<Step> steps(int order) {
        List<Step> steps = new ArrayList<>();
        for (int rest = order, i = 0; i < STEPS; i++, rest /= Step.values().length) {
            steps.add(Step.values()[rest % Step.values().length]);
        }
        return steps;
    }

    @Test
    void roundTripTimeIsThatOfOpenConnectionsElseOfThoseClosedLastElseTheLastOne() {
        RoundTrip roundTrip = new RoundTrip();
        assertThat(roundTrip.seconds()).isEmpty();

        roundTrip.update(rtt(0, 0), rtt(600, 3), true);
        assertThat(roundTrip.seconds()).hasValue(200e-6);

        // One closed and two are open still.
        roundTrip.update(rtt(1_000, 1), rtt(600, 3), false);
        assertThat(roundTrip.seconds()).hasValue(200e-6);
        roundTrip.update(rtt(1_000, 1), rtt(800, 2), true);
        assertThat(roundTrip.seconds()).hasValue(400e-6);

        roundTrip.update(rtt(1_600, 3), rtt(0, 0), true);
        assertThat(roundTrip.seconds()).hasValue(300e-6);

        roundTrip.update(rtt(1_600, 3), rtt(0, 0), true);
        assertThat(roundTrip.seconds()).hasValue(300e-6);

        // Opened and closed since: there is no need to wait for the next pass.
        roundTrip.update(rtt(1_650, 4), rtt(0, 0), false);
        assertThat(roundTrip.seconds()).hasValue(50e-6);
    }

    private static TcpTraffic rtt(long micros, long samples) {
        return new TcpTraffic(0, 0, 0, 0, micros, samples);
    }
}
