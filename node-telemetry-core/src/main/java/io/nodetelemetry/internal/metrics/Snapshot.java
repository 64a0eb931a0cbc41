package io.nodetelemetry.internal.metrics;

import io.nodetelemetry.collector.MetricTable;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All metrics at one moment. Immutable; outlets walk it for as long as they like.
 *
 * @param started when the counters began at zero
 * @param taken when the last table was read
 * @param constantLabels attributes that every series carries, such as {@code machine_id}, sorted by key
 * @param tables each family stands in exactly one of them
 */
public record Snapshot(Instant started, Instant taken, Map<String, String> constantLabels, List<MetricTable> tables) {
    public Snapshot {
        constantLabels = Collections.unmodifiableMap(new TreeMap<>(constantLabels));
        tables = List.copyOf(tables);
    }

    /** How many series there are. */
    public int seriesCount() {
        int count = 0;
        for (MetricTable table : tables) {
            for (int family = 0; family < table.families().size(); family++) {
                for (int row = 0; row < table.size(); row++) {
                    if (table.isPresent(family, row)) {
                        count++;
                    }
                }
            }
        }
        return count;
    }
}
