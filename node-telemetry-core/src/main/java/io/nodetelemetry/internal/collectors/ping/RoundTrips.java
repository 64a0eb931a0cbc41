package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.PingMetrics;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was measured last. One round without an answer is forgiven, after the second one there is no value any more. For
 * several threads.
 */
final class RoundTrips {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MAX_MISSED = 1;

    /**
     * What is measured.
     *
     * @param target of port 0
     */
    record Key(ContainerId container, SocketAddress target) {}

    private static final class Value {
        final Labels labels;
        long nanos;
        int missed;

        Value(Labels labels) {
            this.labels = labels;
        }
    }

    private final Map<Key, Value> values = new LinkedHashMap<>();

    /**
     * A round is over.
     *
     * @param nanos how long the answer took; empty if none came
     */
    synchronized void update(Key key, OptionalLong nanos) {
        if (nanos.isPresent()) {
            Value value = values.computeIfAbsent(
                    key,
                    missing -> new Value(
                            Labels.of(key.container().value(), key.target().host())));
            value.nanos = nanos.getAsLong();
            value.missed = 0;
            return;
        }
        Value value = values.get(key);
        if (value != null && ++value.missed > MAX_MISSED) {
            values.remove(key);
        }
    }

    /** What is known of those wanted; the others are forgotten. */
    synchronized MetricTable table(Set<Key> wanted) {
        values.keySet().retainAll(wanted);
        MetricTable.Builder table = MetricTable.builder(PingMetrics.LATENCY);
        values.values().forEach(value -> table.row(value.labels).set(0, value.nanos / NANOS_PER_SECOND));
        return table.build();
    }

    synchronized void clear() {
        values.clear();
    }
}
