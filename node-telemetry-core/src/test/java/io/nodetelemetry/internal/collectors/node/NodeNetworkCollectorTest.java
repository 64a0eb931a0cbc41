package io.nodetelemetry.internal.collectors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.netlink.InterfaceAddress;
import io.nodetelemetry.internal.source.netlink.LinkCounters;
import io.nodetelemetry.internal.source.netlink.NetworkLink;
import io.nodetelemetry.internal.source.netlink.OperationalState;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeNetworkCollectorTest {
    private static final Path GOLDEN = Path.of("src/test/resources/collectors/node/network.txt");

    /** Answers as it is told. */
    private static final class FakeInterfaces implements InterfaceSource {
        private volatile InterfaceReading reading = new InterfaceReading(List.of(), List.of());
        private volatile CountDownLatch answering = new CountDownLatch(0);
        private volatile String failure = "";
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public InterfaceReading read() throws IOException {
            try {
                answering.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
            return reading;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private final FakeInterfaces interfaces = new FakeInterfaces();
    private volatile String refusal = "";
    private long nanos;
    private NodeNetworkCollector collector = collector(Duration.ofMinutes(1));

    /** Its reads wait for an answer for so long. */
    private NodeNetworkCollector collector(Duration wait) {
        return new NodeNetworkCollector(
                procRoot -> {
                    interfaces.opened.incrementAndGet();
                    if (!refusal.isEmpty()) {
                        throw new IOException(refusal);
                    }
                    return interfaces;
                },
                () -> nanos,
                wait);
    }

    private void start() {
        Path root = Path.of("/proc");
        collector.start(new CollectorContext(InstantSource.system(), root, root, root));
    }

    @AfterEach
    void close() {
        interfaces.answering.countDown();
        collector.close();
    }

    private static NetworkLink link(int index, String name, OperationalState state, long bytes) {
        return new NetworkLink(
                index,
                name,
                Optional.of(state),
                Optional.of(new LinkCounters(bytes + 1, bytes + 2, bytes + 3, bytes + 4)));
    }

    private static InterfaceAddress address(int index, String text, int prefixBits) throws UnknownHostException {
        return new InterfaceAddress(index, InetAddress.getByName(text), prefixBits, 0);
    }

    private static InterfaceReading one(long bytes) {
        return new InterfaceReading(List.of(link(2, "eth0", OperationalState.UP, bytes)), List.of());
    }

    @Test
    void interfacesAndTheirAddresses() throws Exception {
        interfaces.reading = new InterfaceReading(
                List.of(
                        link(2, "eth0", OperationalState.UP, 1_000),
                        link(3, "bond0", OperationalState.LOWER_LAYER_DOWN, 2_000),
                        link(4, "br0", OperationalState.UNKNOWN, 3_000),
                        new NetworkLink(5, "eno1", Optional.empty(), Optional.empty())),
                List.of(
                        address(1, "127.0.0.1", 8),
                        address(2, "192.0.2.7", 24),
                        address(2, "192.0.2.7", 16),
                        address(2, "2001:db8::7", 64),
                        address(2, "169.254.3.4", 16),
                        address(2, "fe80::1", 64),
                        address(2, "224.0.0.1", 32),
                        address(2, "ff05::2", 128),
                        address(3, "10.0.0.1", 8),
                        address(9, "10.0.0.9", 8)));
        start();

        List<MetricTable> tables = collector.collect();

        assertThat(ExpositionText.of(tables)).isEqualTo(Files.readString(GOLDEN));
        assertThat(collector.families())
                .containsExactlyInAnyOrderElementsOf(tables.stream()
                        .flatMap(table -> table.families().stream())
                        .toList());
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void valuesAreReadAnewFromOneSocket() throws Exception {
        start();
        interfaces.reading = one(1_000);
        assertThat(received()).isEqualTo(1_003);

        interfaces.reading = one(2_000);

        assertThat(received()).isEqualTo(2_003);
        assertThat(interfaces.opened).hasValue(1);
        assertThat(interfaces.closed).hasValue(0);
    }

    private long received() throws Exception {
        return collector.collect().getFirst().longValue(0, 0);
    }

    @Test
    void labelsAreKeptAsLongAsTheInterfaceIsThere() throws Exception {
        interfaces.reading = one(0);
        start();

        assertThat(collector.collect().getFirst().labels(0))
                .isSameAs(collector.collect().getFirst().labels(0));
    }

    @Test
    void failedReadIsToldAndAnotherSocketOpened() throws Exception {
        interfaces.failure = "receive: the kernel dropped messages";
        start();

        assertThatIOException().isThrownBy(collector::collect).withMessage("receive: the kernel dropped messages");
        assertThat(interfaces.closed).hasValue(1);

        interfaces.failure = "";
        interfaces.reading = one(1_000);
        assertThat(received()).isEqualTo(1_003);
        assertThat(interfaces.opened).hasValue(2);
    }

    @Test
    void namespaceThatMayNotBeEnteredIsAReasonUntilItMay() throws Exception {
        refusal = "network namespace /proc/1/ns/net: setns: EPERM - needs CAP_SYS_ADMIN";
        interfaces.reading = one(1_000);
        start();

        assertThatExceptionOfType(CollectorUnavailableException.class)
                .isThrownBy(collector::collect)
                .withMessage("cannot ask for network interfaces: " + refusal);

        refusal = "";
        assertThat(received()).isEqualTo(1_003);
    }

    @Test
    void kernelThatKeepsUsWaitingIsAskedOnceAndTheLastAnswerStandsForAWhile() throws Exception {
        interfaces.reading = one(1_000);
        collector = collector(Duration.ofMillis(50));
        start();
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(received()).isEqualTo(1_003));
        interfaces.answering = new CountDownLatch(1);
        interfaces.reading = one(2_000);

        assertThat(received()).isEqualTo(1_003);
        assertThat(collector.interval()).as("looked for at each turn").isZero();
        nanos += Duration.ofSeconds(10).toNanos();
        assertThat(received()).isEqualTo(1_003);
        nanos++;
        assertThatExceptionOfType(CollectorUnavailableException.class)
                .isThrownBy(collector::collect)
                .withMessageContaining("lock on network configuration")
                .withMessageContaining("look for tasks in state D");

        interfaces.answering.countDown();
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(received()).isEqualTo(2_003));
        assertThat(interfaces.opened).hasValue(1);
    }

    @Test
    void nothingIsKnownUntilTheFirstAnswer() throws Exception {
        interfaces.reading = one(1_000);
        interfaces.answering = new CountDownLatch(1);
        collector = collector(Duration.ofMillis(50));
        start();

        assertThat(ExpositionText.of(collector.collect())).isEmpty();
        interfaces.answering.countDown();

        Eventually.within(Duration.ofSeconds(60), () -> assertThat(received()).isEqualTo(1_003));
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void closingDoesNotWaitForTheKernel() throws Exception {
        interfaces.answering = new CountDownLatch(1);
        collector = collector(Duration.ofMillis(50));
        start();
        collector.collect();

        collector.close();
        collector.close();
        assertThat(interfaces.closed).hasValue(0);

        interfaces.answering.countDown();
        Eventually.within(
                Duration.ofSeconds(60), () -> assertThat(interfaces.closed).hasValue(1));
    }

    @Test
    void interfacesBeyondTheCapacityAreCountedAsDropped() throws Exception {
        List<NetworkLink> many = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            many.add(link(i, "eth0." + i, OperationalState.UP, 0));
        }
        interfaces.reading = new InterfaceReading(many, List.of());
        start();

        assertThat(collector.collect().getFirst().size()).isEqualTo(1_024);
        assertThat(collector.drops()).containsEntry("interfaces", 76L).containsEntry("addresses", 0L);
    }
}
