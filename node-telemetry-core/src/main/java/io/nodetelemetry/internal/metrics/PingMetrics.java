package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.gauge;
import static io.nodetelemetry.internal.metrics.ContainerMetrics.CONTAINER;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** Round-trip times that are measured. */
public final class PingMetrics {
    public static final MetricFamily LATENCY = gauge(
            "container_net_latency",
            "s",
            DOUBLE,
            "Round-trip time of an ICMP echo from the container's network namespace to a destination.",
            CONTAINER,
            "destination_ip");

    static final List<CatalogEntry> ENTRIES = List.of(new CatalogEntry(
            LATENCY,
            "ICMP echo with the kernel's timestamps",
            "without an answer in the last two rounds, for loopback, and with `--no-ping-upstreams`"));

    private PingMetrics() {}
}
