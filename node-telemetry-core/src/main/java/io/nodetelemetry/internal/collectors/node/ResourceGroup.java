package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Metrics that come from one file or a few of a kind, and go with it. For the agent's thread. */
interface ResourceGroup {
    List<MetricFamily> families();

    /**
     * Reads its files; empty if there are none.
     *
     * @throws IOException if they may not be read or make no sense
     */
    List<MetricTable> read(Path procRoot) throws IOException;
}
