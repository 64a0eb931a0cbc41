package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** The node's network interfaces. */
public final class NodeNetworkMetrics {
    private static final String INTERFACE = "interface";

    public static final MetricFamily RECEIVED_BYTES =
            counter("node_net_received", "By", LONG, "Bytes received by the interface.", INTERFACE);
    public static final MetricFamily TRANSMITTED_BYTES =
            counter("node_net_transmitted", "By", LONG, "Bytes sent by the interface.", INTERFACE);
    public static final MetricFamily RECEIVED_PACKETS =
            counter("node_net_received_packets", "{packet}", LONG, "Packets received by the interface.", INTERFACE);
    public static final MetricFamily TRANSMITTED_PACKETS =
            counter("node_net_transmitted_packets", "{packet}", LONG, "Packets sent by the interface.", INTERFACE);
    public static final MetricFamily INTERFACE_UP =
            gauge("node_net_interface_up", "", LONG, "1 if the interface is up, else 0.", INTERFACE);
    public static final MetricFamily INTERFACE_IP =
            gauge("node_net_interface_ip", "", LONG, "An address of the interface; always 1.", INTERFACE, "ip");

    private static final String OTHER_INTERFACE =
            "for interfaces that are not the node's link to a network: loopback, veth, container bridges";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(RECEIVED_BYTES, "rtnetlink `IFLA_STATS64` in the host's namespace", OTHER_INTERFACE),
            new CatalogEntry(TRANSMITTED_BYTES, "rtnetlink `IFLA_STATS64`", OTHER_INTERFACE),
            new CatalogEntry(RECEIVED_PACKETS, "rtnetlink `IFLA_STATS64`", OTHER_INTERFACE),
            new CatalogEntry(TRANSMITTED_PACKETS, "rtnetlink `IFLA_STATS64`", OTHER_INTERFACE),
            new CatalogEntry(INTERFACE_UP, "rtnetlink `IFLA_OPERSTATE`", OTHER_INTERFACE),
            new CatalogEntry(
                    INTERFACE_IP,
                    "rtnetlink `RTM_GETADDR`",
                    OTHER_INTERFACE + "; for link-local and multicast addresses"));

    private NodeNetworkMetrics() {}
}
