package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The labels of rows that come and go, such as disks: one object for as long as the row lives, and not more than so many.
 *
 * @param <K> what tells the rows apart
 */
final class RowLabels<K> {
    private final int capacity;
    private final Function<K, Labels> make;
    private Map<K, Labels> rows = new HashMap<>();
    private Map<K, Labels> seen = new HashMap<>();
    private long dropped;

    RowLabels(int capacity, Function<K, Labels> make) {
        this.capacity = capacity;
        this.make = make;
    }

    /** Begins a read: rows that do not occur in it are forgotten with the next one. */
    void begin() {
        Map<K, Labels> reused = rows;
        rows = seen;
        seen = reused;
        seen.clear();
    }

    /** The row's labels; empty if it occurred in this read already, or if there is no room for it, which is counted. */
    Optional<Labels> next(K key) {
        if (seen.containsKey(key)) {
            return Optional.empty();
        }
        if (seen.size() >= capacity) {
            dropped++;
            return Optional.empty();
        }
        Labels labels = rows.containsKey(key) ? rows.get(key) : make.apply(key);
        seen.put(key, labels);
        return Optional.of(labels);
    }

    /** How many rows were left out so far for want of room, counted at each read. */
    long dropped() {
        return dropped;
    }
}
