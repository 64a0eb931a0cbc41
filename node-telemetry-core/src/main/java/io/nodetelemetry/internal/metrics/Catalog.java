package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** Every metric of the product, in one place; {@code docs/metrics.md} is generated from {@link #ALL}. */
public final class Catalog {
    private static final String ACTUAL_DESTINATION = "actual_destination";
    private static final String CONTAINER = "container_id";
    private static final String DESTINATION = "destination";

    // Containers

    public static final MetricFamily CONTAINER_INFO = gauge(
            "container_info",
            "",
            LONG,
            "A container or service that was found; always 1.",
            CONTAINER,
            "image",
            "systemd_triggered_by",
            "systemd_type");
    public static final MetricFamily OOM_KILLS = counter(
            "container_oom_kills",
            "{kill}",
            LONG,
            "Processes of the container that the kernel killed for want of memory.",
            CONTAINER);

    // TCP

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
    public static final MetricFamily TCP_LISTEN_INFO = gauge(
            "container_net_tcp_listen_info",
            "",
            LONG,
            "1 while a process of the container listens on the address, 0 for some time after it stopped.",
            CONTAINER,
            "listen_addr",
            "proxy");

    // Node

    public static final MetricFamily NODE_INFO =
            gauge("node_info", "", LONG, "The node; always 1.", "hostname", "kernel_version");
    public static final MetricFamily NODE_CLOUD_INFO = gauge(
            "node_cloud_info",
            "",
            LONG,
            "The cloud instance the node is; always 1, what is not known is empty.",
            "account_id",
            "availability_zone",
            "availability_zone_id",
            "instance_id",
            "instance_life_cycle",
            "instance_type",
            "local_ipv4",
            "provider",
            "public_ipv4",
            "region");
    public static final MetricFamily NODE_AGENT_INFO =
            gauge("node_agent_info", "", LONG, "The agent's version; always 1.", "version");

    // Ourselves

    public static final MetricFamily COLLECTOR_UP = gauge(
            "node_telemetry_collector_up",
            "",
            LONG,
            "1 if the collector works; 0 if it is off or its last read failed, with the reason.",
            "collector",
            "reason");
    public static final MetricFamily COLLECTOR_DURATION = gauge(
            "node_telemetry_collector_duration", "s", DOUBLE, "Time the collector's last read took.", "collector");
    public static final MetricFamily COLLECTOR_FAILURES = counter(
            "node_telemetry_collector_failures",
            "{failure}",
            LONG,
            "Reads or starts of the collector that failed.",
            "collector");
    public static final MetricFamily BPF_MAP_ENTRIES =
            gauge("node_telemetry_bpf_map_entries", "{entry}", LONG, "Entries in a BPF map.", "map");
    public static final MetricFamily BPF_MAP_CAPACITY =
            gauge("node_telemetry_bpf_map_capacity", "{entry}", LONG, "Entries that fit in a BPF map.", "map");
    public static final MetricFamily BPF_PROGRAM_INFO = gauge(
            "node_telemetry_bpf_program_info",
            "",
            LONG,
            "A BPF program that is attached, and to what kind of hook; always 1.",
            "hook",
            "program");
    public static final MetricFamily BPF_RECURSION_MISSES = counter(
            "node_telemetry_bpf_recursion_misses",
            "{event}",
            LONG,
            "Events for which the kernel skipped the program because it was running already on that CPU.",
            "program");
    public static final MetricFamily DROPS = counter(
            "node_telemetry_drops",
            "{event}",
            LONG,
            "What could not be kept, by where and why; anything above 0 is a loss of detail or data.",
            "reason",
            "source");

    /** The name is that of the Go client library's own metric, which dashboards of the field know. */
    public static final MetricFamily SCRAPE_ERRORS = counter(
            "promhttp_metric_handler_errors",
            "{error}",
            LONG,
            "Scrapes that failed: no snapshot could be had (gathering), or it could not be written (encoding).",
            "cause");

    /** All of the above, in the order of the documentation. */
    public static final List<MetricFamily> ALL = List.of(
            CONTAINER_INFO,
            OOM_KILLS,
            TCP_SUCCESSFUL_CONNECTS,
            TCP_ACTIVE_CONNECTIONS,
            TCP_RETRANSMITS,
            TCP_CONNECT_TIME,
            TCP_FAILED_CONNECTS,
            TCP_ABANDONED_CONNECTS,
            TCP_LISTEN_INFO,
            NODE_INFO,
            NODE_CLOUD_INFO,
            NODE_AGENT_INFO,
            COLLECTOR_UP,
            COLLECTOR_DURATION,
            COLLECTOR_FAILURES,
            BPF_MAP_ENTRIES,
            BPF_MAP_CAPACITY,
            BPF_PROGRAM_INFO,
            BPF_RECURSION_MISSES,
            DROPS,
            SCRAPE_ERRORS);

    private Catalog() {}
}
