package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.NodeNetworkMetrics;
import io.nodetelemetry.internal.source.netlink.InterfaceAddress;
import io.nodetelemetry.internal.source.netlink.NetworkLink;
import io.nodetelemetry.internal.source.netlink.OperationalState;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The network interfaces of the host's network namespace, by rtnetlink. */
public final class NodeNetworkCollector implements Collector {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int MAX_INTERFACES = 1_024;
    private static final int MAX_ADDRESSES = 4_096;

    /** Opens what is read, for the proc root. */
    interface Opener {
        InterfaceSource open(Path procRoot) throws IOException;
    }

    private record Address(String interfaceName, String ip) {}

    private final Opener opener;
    private final LongSupplier nanos;
    private final Duration wait;
    private final RowLabels<String> interfaces = new RowLabels<>(MAX_INTERFACES, Labels::of);
    private final RowLabels<Address> addresses =
            new RowLabels<>(MAX_ADDRESSES, address -> Labels.of(address.interfaceName(), address.ip()));
    private @Nullable InterfaceReader reader;

    /** Reads the host's interfaces. */
    public NodeNetworkCollector() {
        this(HostInterfaces::open, System::nanoTime, InterfaceReader.WAIT);
    }

    NodeNetworkCollector(Opener opener, LongSupplier nanos, Duration wait) {
        this.opener = opener;
        this.nanos = nanos;
        this.wait = wait;
    }

    @Override
    public String name() {
        return "node_net";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(
                NodeNetworkMetrics.RECEIVED_BYTES,
                NodeNetworkMetrics.TRANSMITTED_BYTES,
                NodeNetworkMetrics.RECEIVED_PACKETS,
                NodeNetworkMetrics.TRANSMITTED_PACKETS,
                NodeNetworkMetrics.INTERFACE_UP,
                NodeNetworkMetrics.INTERFACE_IP);
    }

    /** None while the kernel owes us an answer: it is looked for at each turn. */
    @Override
    public Duration interval() {
        InterfaceReader started = reader;
        return started != null && started.awaits() ? Duration.ZERO : INTERVAL;
    }

    @Override
    public void start(CollectorContext context) {
        Path procRoot = context.procRoot();
        reader = new InterfaceReader(() -> opener.open(procRoot), nanos, wait);
    }

    @Override
    public List<MetricTable> collect() throws IOException, CollectorUnavailableException {
        InterfaceReader started = reader;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        InterfaceReading reading = started.read();
        return List.of(links(reading), addresses(reading));
    }

    private MetricTable links(InterfaceReading reading) {
        interfaces.begin();
        MetricTable.Builder table = MetricTable.builder(
                NodeNetworkMetrics.RECEIVED_BYTES,
                NodeNetworkMetrics.TRANSMITTED_BYTES,
                NodeNetworkMetrics.RECEIVED_PACKETS,
                NodeNetworkMetrics.TRANSMITTED_PACKETS,
                NodeNetworkMetrics.INTERFACE_UP);
        for (NetworkLink link : reading.links()) {
            interfaces.next(link.name()).ifPresent(labels -> {
                table.row(labels);
                link.counters()
                        .ifPresent(counters -> table.set(0, counters.receivedBytes())
                                .set(1, counters.sentBytes())
                                .set(2, counters.receivedPackets())
                                .set(3, counters.sentPackets()));
                link.state().ifPresent(state -> table.set(4, state == OperationalState.UP ? 1L : 0L));
            });
        }
        return table.build();
    }

    private MetricTable addresses(InterfaceReading reading) {
        Map<Integer, String> names = new HashMap<>();
        reading.links().forEach(link -> names.put(link.index(), link.name()));
        addresses.begin();
        MetricTable.Builder table = MetricTable.builder(NodeNetworkMetrics.INTERFACE_IP);
        for (InterfaceAddress address : reading.addresses()) {
            String name = names.get(address.interfaceIndex());
            if (name != null && isReachable(address.address())) {
                String ip = SocketAddress.of(address.address(), 0).host();
                // An address can be there twice, with prefixes of different length.
                addresses
                        .next(new Address(name, ip))
                        .ifPresent(labels -> table.row(labels).set(0, 1));
            }
        }
        return table.build();
    }

    private static boolean isReachable(InetAddress address) {
        return !address.isLinkLocalAddress() && !address.isMulticastAddress();
    }

    /** Rows that were left out for want of room, for our own metrics. */
    public Map<String, Long> drops() {
        return Map.of("interfaces", interfaces.dropped(), "addresses", addresses.dropped());
    }

    @Override
    public void close() {
        InterfaceReader started = reader;
        if (started != null) {
            reader = null;
            started.close();
        }
    }
}
