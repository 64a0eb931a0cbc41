package io.nodetelemetry.internal.export;

import io.nodetelemetry.internal.metrics.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands out one schema per set of keys for as long as the constant labels stay, so that the text kept in labels is found
 * again by the next scrape. Safe for use by several threads.
 */
final class LabelSchemas {
    /** Far more key sets than a catalog has; starting anew costs one encoding of each row. */
    private static final int CAPACITY = 1024;

    private record Generation(Map<String, String> constants, Map<List<String>, LabelSchema> schemas) {}

    private volatile Generation current = new Generation(Map.of(), new ConcurrentHashMap<>());

    LabelSchema of(Snapshot snapshot, FamilyColumn column) {
        Generation generation = current;
        Map<String, String> constants = snapshot.constantLabels();
        if (!generation.constants.equals(constants) || generation.schemas.size() > CAPACITY) {
            generation = new Generation(constants, new ConcurrentHashMap<>());
            current = generation;
        }
        return generation.schemas.computeIfAbsent(column.table().keys(), keys -> new LabelSchema(keys, constants));
    }
}
