package io.nodetelemetry.internal.metrics;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every metric of the product, in the order of the documentation; {@code docs/metrics.md} is generated from it. The
 * metrics themselves are declared by concern, in the classes beside this one.
 */
public final class Catalog {
    static final List<CatalogEntry> ENTRIES = Stream.of(
                    ContainerMetrics.ENTRIES,
                    ResourceMetrics.ENTRIES,
                    DiskMetrics.ENTRIES,
                    TcpMetrics.ENTRIES,
                    PingMetrics.ENTRIES,
                    LogMetrics.ENTRIES,
                    NodeMetrics.ENTRIES,
                    NodeNetworkMetrics.ENTRIES,
                    AgentMetrics.ENTRIES)
            .flatMap(List::stream)
            .toList();

    /** All families. */
    public static final List<MetricFamily> ALL =
            ENTRIES.stream().map(CatalogEntry::family).toList();

    private Catalog() {}
}
