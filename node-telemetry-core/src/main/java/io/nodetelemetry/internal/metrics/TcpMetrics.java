package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;
import static io.nodetelemetry.internal.metrics.ContainerMetrics.CONTAINER;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** TCP connections and listeners of a container. */
public final class TcpMetrics {
    private static final String ACTUAL_DESTINATION = "actual_destination";
    private static final String DESTINATION = "destination";

    public static final MetricFamily TCP_SUCCESSFUL_CONNECTS = counter(
            "container_net_tcp_successful_connects",
            "{connection}",
            LONG,
            "Outbound TCP connections that were established.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_ACTIVE_CONNECTIONS = gauge(
            "container_net_tcp_active_connections",
            "{connection}",
            LONG,
            "Outbound TCP connections that are established now.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_RETRANSMITS = counter(
            "container_net_tcp_retransmits",
            "{segment}",
            LONG,
            "TCP segments sent again on outbound connections, those of the handshake included.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_CONNECT_TIME = counter(
            "container_net_tcp_connection_time",
            "s",
            DOUBLE,
            "Time spent establishing outbound TCP connections, from the first SYN to the established state.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_FAILED_CONNECTS = counter(
            "container_net_tcp_failed_connects",
            "{connection}",
            LONG,
            "Outbound TCP connects that were refused, reset, unreachable or timed out.",
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_ABANDONED_CONNECTS = counter(
            "container_net_tcp_abandoned_connects",
            "{connection}",
            LONG,
            "Outbound TCP connects that the caller itself gave up before an answer came; not failures.",
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_CONNECT_FAILURES = counter(
            "container_net_tcp_connect_failures",
            "{connection}",
            LONG,
            "The failed connects by reason: refused, timed_out, unreachable, reset (after the peer had answered), other.",
            CONTAINER,
            DESTINATION,
            "reason");
    public static final MetricFamily TCP_BYTES_SENT = counter(
            "container_net_tcp_bytes_sent",
            "By",
            LONG,
            "Payload sent on outbound TCP connections, each byte once however often it was transmitted.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_BYTES_RECEIVED = counter(
            "container_net_tcp_bytes_received",
            "By",
            LONG,
            "Payload received on outbound TCP connections, each byte once.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_RESET_CONNECTIONS = counter(
            "container_net_tcp_reset_connections",
            "{connection}",
            LONG,
            "Established outbound TCP connections that an error ended: a reset by the peer, or no answer any more.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_RTT = gauge(
            "container_net_tcp_rtt",
            "s",
            DOUBLE,
            "Smoothed round-trip time (RFC 6298) of outbound TCP connections, their mean when it was last known.",
            ACTUAL_DESTINATION,
            CONTAINER,
            DESTINATION);
    public static final MetricFamily TCP_ACCEPTED_RETRANSMITS = counter(
            "container_net_tcp_accepted_retransmits",
            "{segment}",
            LONG,
            "TCP segments sent again on connections that the container accepted, by the address as it was bound: those of"
                    + " a wildcard count on one series, such as 0.0.0.0:80.",
            CONTAINER,
            "listen_addr");
    public static final MetricFamily TCP_LISTEN_INFO = gauge(
            "container_net_tcp_listen_info",
            "",
            LONG,
            "1 while a process of the container listens on the address, 0 for some time after it stopped.",
            CONTAINER,
            "listen_addr",
            "proxy");

    private static final String SOURCE = "TCP's own callbacks (BPF `sock_ops`); else tracepoints";
    private static final String SENT_SOURCE = "TCP's own counters (`tcp_sock`), at the close and every few seconds";
    private static final String NO_CONNECT =
            "for a destination that was never connected to, or not since `tcp.idleRetention`";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(TCP_SUCCESSFUL_CONNECTS, SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_ACTIVE_CONNECTIONS, SOURCE + "; a BPF iterator for what was open before", NO_CONNECT),
            new CatalogEntry(TCP_RETRANSMITS, SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_CONNECT_TIME, SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_FAILED_CONNECTS, SOURCE, "before the first failure"),
            new CatalogEntry(
                    TCP_CONNECT_FAILURES, SOURCE + "; the socket's error", "before the first failure of that kind"),
            new CatalogEntry(TCP_BYTES_SENT, SENT_SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_BYTES_RECEIVED, SENT_SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_RESET_CONNECTIONS, SOURCE, "before the first one"),
            new CatalogEntry(TCP_RTT, SENT_SOURCE, NO_CONNECT),
            new CatalogEntry(TCP_ACCEPTED_RETRANSMITS, SOURCE, "before the first one"),
            new CatalogEntry(TCP_ABANDONED_CONNECTS, SOURCE, "before the first abandoned connect"),
            new CatalogEntry(TCP_LISTEN_INFO, SOURCE + "; the runtime's API for published ports", "if nobody listens"));

    private TcpMetrics() {}
}
