package io.nodetelemetry.internal.collectors.containers;

import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts kills by container; those of a cgroup that nobody has explained yet are kept until the next walk. */
final class OomKills {
    private static final int MAX_PENDING = 1_024;

    private final ContainerRegistry registry;
    private final Map<Container, Long> counts = new HashMap<>();
    private final Map<CgroupRef, Long> pending = new LinkedHashMap<>();
    private long dropped;

    OomKills(ContainerRegistry registry) {
        this.registry = registry;
    }

    void killed(CgroupRef ref) {
        if (attribute(ref, 1)) {
            return;
        }
        if (pending.size() >= MAX_PENDING && !pending.containsKey(ref)) {
            dropped++;
        } else {
            pending.merge(ref, 1L, Long::sum);
        }
    }

    /** True if it is settled whose kills these are: a container's, or of a process that is in none. */
    private boolean attribute(CgroupRef ref, long kills) {
        Optional<Container> container = registry.containerOf(ref);
        container.ifPresent(found -> counts.merge(found, kills, Long::sum));
        return container.isPresent() || registry.isKnown(ref);
    }

    /**
     * Tries those again that were nobody's.
     *
     * @param last whether everything that could be found has been: what is nobody's now stays so
     */
    void retry(boolean last) {
        Iterator<Map.Entry<CgroupRef, Long>> entries = pending.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<CgroupRef, Long> entry = entries.next();
            if (attribute(entry.getKey(), entry.getValue())) {
                entries.remove();
            } else if (last) {
                dropped += entry.getValue();
                entries.remove();
            }
        }
    }

    /** The counts of a container that goes are carried on by the next of its name. */
    void forgotten(Container container, Optional<Container> heir) {
        Long count = counts.remove(container);
        if (count != null && heir.isPresent()) {
            counts.merge(heir.get(), count, Long::sum);
        }
    }

    /** Sums by the id that is reported; those without one are left out. */
    Map<ContainerId, Long> byId() {
        Map<ContainerId, Long> sums = new LinkedHashMap<>();
        counts.forEach((container, count) -> container.id().ifPresent(id -> sums.merge(id, count, Long::sum)));
        return sums;
    }

    /** Kills whose container is not known. */
    long dropped() {
        return dropped;
    }
}
