package io.nodetelemetry.internal.metrics;

import io.nodetelemetry.collector.MetricFamily;

/**
 * A metric as {@code docs/metrics.md} describes it.
 *
 * @param family the metric
 * @param source where its values come from, in Markdown
 * @param absent when there is no series, in Markdown; {@code never} if there always is one
 */
record CatalogEntry(MetricFamily family, String source, String absent) {
    /** For series that exist whenever their collector works. */
    static final String NEVER = "never";

    CatalogEntry {
        if (source.isBlank() || absent.isBlank()) {
            throw new IllegalArgumentException(family.name() + ": say where it comes from and when it is absent");
        }
    }
}
