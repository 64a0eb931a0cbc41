package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.CgroupRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From cgroup to container, with a memory for cgroups that are gone and for those that nobody has explained yet. */
final class CgroupIndex {
    private final ContainerLimits limits;
    private final Map<CgroupRef, Container> live = new HashMap<>();
    private final Set<CgroupRef> standalone = new HashSet<>();
    /** In order of removal. The kernel does not use an id twice before 2^32 others. */
    private final Map<CgroupRef, Removed> removed = new LinkedHashMap<>();

    /** Looked up in vain, in order of time. */
    private final Map<CgroupRef, Instant> notFound = new LinkedHashMap<>();

    private final Set<CgroupRef> unresolved = new LinkedHashSet<>();
    private long liveDropped;
    private long removedDropped;
    private long unresolvedDropped;

    private record Removed(Optional<Container> container, Instant at) {}

    CgroupIndex(ContainerLimits limits) {
        this.limits = limits;
    }

    boolean isLive(CgroupRef ref) {
        return live.containsKey(ref) || standalone.contains(ref);
    }

    boolean isKnown(CgroupRef ref) {
        return isLive(ref) || removed.containsKey(ref);
    }

    boolean hasRoom() {
        return live.size() + standalone.size() < limits.cgroups();
    }

    void countOverflow() {
        liveDropped++;
    }

    void add(CgroupRef ref, Container container) {
        live.put(ref, container);
        explained(ref);
    }

    void addStandalone(CgroupRef ref) {
        standalone.add(ref);
        explained(ref);
    }

    private void explained(CgroupRef ref) {
        unresolved.remove(ref);
        notFound.remove(ref);
    }

    void notFound(CgroupRef ref, Instant now) {
        if (isKnown(ref)) {
            return;
        }
        unresolved.remove(ref);
        notFound.put(ref, now);
        if (notFound.size() > limits.unknownCgroups()) {
            notFound.remove(notFound.keySet().iterator().next());
        }
    }

    /** Marks it as gone; its container, unless it has none or was not live. */
    Optional<Container> remove(CgroupRef ref, Instant now) {
        if (!isLive(ref)) {
            return Optional.empty();
        }
        Optional<Container> container = Optional.ofNullable(live.remove(ref));
        standalone.remove(ref);
        removed.put(ref, new Removed(container, now));
        if (removed.size() > limits.removedCgroups()) {
            removedDropped++;
            removed.remove(removed.keySet().iterator().next());
        }
        return container;
    }

    void forgetBefore(Instant limit) {
        removed.values().removeIf(entry -> !entry.at().isAfter(limit));
        notFound.values().removeIf(at -> !at.isAfter(limit));
    }

    void forget(Container container) {
        removed.values().removeIf(entry -> entry.container().equals(Optional.of(container)));
    }

    /** The container of a live cgroup. */
    Optional<Container> liveContainer(CgroupRef ref) {
        return Optional.ofNullable(live.get(ref));
    }

    Optional<Container> containerOf(CgroupRef ref) {
        Container container = live.get(ref);
        if (container != null) {
            return Optional.of(container);
        }
        Removed gone = removed.get(ref);
        if (gone != null) {
            return gone.container();
        }
        if (!standalone.contains(ref)) {
            want(ref);
        }
        return Optional.empty();
    }

    private void want(CgroupRef ref) {
        if (unresolved.contains(ref) || notFound.containsKey(ref)) {
            return;
        }
        if (unresolved.size() >= limits.unknownCgroups()) {
            unresolvedDropped++;
            return;
        }
        unresolved.add(ref);
    }

    boolean hasUnresolved() {
        return !unresolved.isEmpty();
    }

    List<CgroupRef> takeUnresolved() {
        List<CgroupRef> taken = List.copyOf(unresolved);
        unresolved.clear();
        return taken;
    }

    /** Live ones of the given hierarchies that are not among those found. */
    List<CgroupRef> liveOutside(Set<CgroupRef> found, Set<Integer> hierarchies) {
        List<CgroupRef> outside = new ArrayList<>();
        for (Set<CgroupRef> known : List.of(live.keySet(), standalone)) {
            for (CgroupRef ref : known) {
                if (hierarchies.contains(ref.hierarchy()) && !found.contains(ref)) {
                    outside.add(ref);
                }
            }
        }
        return outside;
    }

    Map<String, Long> drops() {
        return Map.of("cgroups", liveDropped, "removed_cgroups", removedDropped, "unknown_cgroups", unresolvedDropped);
    }
}
