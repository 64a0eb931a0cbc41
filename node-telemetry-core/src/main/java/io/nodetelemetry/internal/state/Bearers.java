package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The containers of each name: one after the other, or several at once. */
final class Bearers {
    private final Map<ContainerId, Set<Container>> byName = new HashMap<>();

    void add(ContainerId name, Container container) {
        byName.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(container);
    }

    void remove(ContainerId name, Container container) {
        Set<Container> bearers = byName.get(name);
        if (bearers != null && bearers.remove(container) && bearers.isEmpty()) {
            byName.remove(name);
        }
    }

    Set<Container> of(ContainerId name) {
        return Collections.unmodifiableSet(byName.getOrDefault(name, Set.of()));
    }

    Optional<Container> newest(ContainerId name) {
        return of(name).stream().max(Comparator.comparingLong(Container::ordinal));
    }
}
