package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.pressure.PressureStallInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Time that the node's tasks waited for one resource. */
final class PressureGroup implements ResourceGroup {
    private static final Labels SOME = Labels.of("some");
    private static final Labels FULL = Labels.of("full");

    private final String resource;
    private final MetricFamily family;

    /** @param resource the file's name below {@code /proc/pressure} */
    PressureGroup(String resource, MetricFamily family) {
        this.resource = resource;
        this.family = family;
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(family);
    }

    @Override
    public List<MetricTable> read(Path procRoot) throws IOException {
        Optional<PressureStallInfo> read =
                PressureStallInfo.read(procRoot.resolve("pressure").resolve(resource));
        if (read.isEmpty()) {
            return List.of();
        }
        MetricTable.Builder table = MetricTable.builder(family);
        read.get().someMicros().ifPresent(micros -> table.row(SOME).set(0, micros / 1e6));
        read.get().fullMicros().ifPresent(micros -> table.row(FULL).set(0, micros / 1e6));
        return List.of(table.build());
    }
}
