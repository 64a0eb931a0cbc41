package io.nodetelemetry.internal.collectors.containers;

import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.model.ContainerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts restarts by container. */
final class Restarts {
    private final Map<Container, Long> counts = new HashMap<>();

    /** The registry saw one. */
    void restarted(Container container) {
        counts.merge(container, 1L, Long::sum);
    }

    /** The counts of a container that goes are carried on by the next of its name. */
    void forgotten(Container container, Optional<Container> heir) {
        Long count = counts.remove(container);
        if (count != null && heir.isPresent()) {
            counts.merge(heir.get(), count, Long::sum);
        }
    }

    /** Sums by the id that is reported; those without a restart are left out. */
    Map<ContainerId, Long> byId() {
        Map<ContainerId, Long> sums = new HashMap<>();
        counts.forEach((container, count) -> container.id().ifPresent(id -> sums.merge(id, count, Long::sum)));
        return sums;
    }
}
