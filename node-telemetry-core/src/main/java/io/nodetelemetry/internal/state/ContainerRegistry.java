package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which container a cgroup belongs to: those that run, and those that ended not long ago. Fed with cgroups that come and
 * go and with what the runtimes answer; does no I/O.
 *
 * <p>A container is named by its runtime. Until the runtime answers, and for no longer than
 * {@link ContainerLimits#nameWait()}, it has no id and is not reported; after that it gets an id derived from its cgroup
 * path, and the runtime's name when that comes after all.
 *
 * <p>For one thread, without locks. Every table is bounded by {@link ContainerLimits}; what did not fit is counted in
 * {@link #drops()}.
 */
public final class ContainerRegistry {
    private final InstantSource clock;
    private final ContainerLimits limits;
    private final CgroupIndex index;
    private final Map<ContainerKey, Container> containers = new LinkedHashMap<>();
    /** Those without a name and the moment from which on they go without. */
    private final Map<Container, Instant> held = new LinkedHashMap<>();
    /** Oldest first. */
    private final Map<Container, Instant> ended = new LinkedHashMap<>();

    private final List<ContainerListener> listeners = new ArrayList<>();
    private long endedDropped;
    private long runningDropped;

    /** An empty registry. */
    public ContainerRegistry(InstantSource clock, ContainerLimits limits) {
        this.clock = clock;
        this.limits = limits;
        index = new CgroupIndex(limits);
    }

    /** Adds a listener; it is called in the order of adding and may answer {@code metadataWanted} at once. */
    public void listen(ContainerListener listener) {
        listeners.add(listener);
    }

    /** A cgroup exists. Saying it again changes nothing. */
    public void cgroupCreated(CgroupRef ref, CgroupPath path) {
        if (index.isKnown(ref)) {
            return;
        }
        Optional<ContainerKey> key = CgroupClassifier.classify(path).container();
        if (!index.hasRoom()) {
            index.countOverflow();
        } else if (key.isEmpty()) {
            index.addStandalone(ref);
        } else if (containers.containsKey(key.get()) || makeRoom()) {
            Container known = containers.get(key.get());
            Container container = known == null ? appeared(key.get()) : known;
            container.add(ref, path);
            ended.remove(container);
            index.add(ref, container);
        }
    }

    /** Lets the container go that ended first, if need be; false if all are running. */
    private boolean makeRoom() {
        if (containers.size() < limits.containers()) {
            return true;
        }
        if (ended.isEmpty()) {
            runningDropped++;
            return false;
        }
        endedDropped++;
        forget(ended.keySet().iterator().next());
        return true;
    }

    private Container appeared(ContainerKey key) {
        Instant now = clock.instant();
        Container container = new Container(key, now);
        containers.put(key, container);
        if (key.hasNameElsewhere()) {
            held.put(container, now.plus(limits.nameWait()));
        } else {
            container.named(key.pathDerivedId(), null);
        }
        if (key.isKnownElsewhere()) {
            for (ContainerListener listener : listeners) {
                listener.metadataWanted(key);
            }
        }
        return container;
    }

    /**
     * A look-up of a cgroup from {@link #unresolved()} found nothing. It is not asked for again during the retention,
     * unless it is reported as created after all: that news may be late.
     */
    public void cgroupNotFound(CgroupRef ref) {
        index.notFound(ref, clock.instant());
    }

    /** A cgroup is gone. An unknown one is ordinary: it lived and died unseen. */
    public void cgroupRemoved(CgroupRef ref) {
        Instant now = clock.instant();
        Optional<Container> owner = index.remove(ref, now);
        if (owner.isEmpty()) {
            return;
        }
        Container container = owner.get();
        container.remove(ref, now);
        if (container.endedAt().isPresent()) {
            ended.put(container, now);
        }
    }

    /**
     * Repairs what lost events hid, in both directions.
     *
     * @param found the cgroups of a walk that began after the last event was applied
     * @param complete the hierarchies that were walked to the end; cgroups of others are left as they are
     */
    public void reconcile(Map<CgroupRef, CgroupPath> found, Set<Integer> complete) {
        for (CgroupRef gone : index.liveOutside(found.keySet(), complete)) {
            cgroupRemoved(gone);
        }
        found.forEach(this::cgroupCreated);
    }

    /**
     * A runtime's answer.
     *
     * @param answer empty if no runtime knows the container; it is then called by its path at once
     */
    public void metadata(ContainerKey key, Optional<ContainerMetadata> answer) {
        Container container = containers.get(key);
        if (container == null) {
            return;
        }
        held.remove(container);
        if (answer.isEmpty()) {
            if (container.metadata().isEmpty()) {
                container.named(key.pathDerivedId(), null);
            }
        } else if (ContainerNames.isPodSandbox(answer.get())) {
            container.hide(answer.get());
        } else {
            container.named(ContainerNames.of(key, answer.get()).orElseGet(key::pathDerivedId), answer.get());
        }
    }

    /** Lets time pass: names that did not come, containers that ended long ago. */
    public void tick() {
        Instant now = clock.instant();
        // A deadline further away than the wait is long: the clock was set back meanwhile.
        Instant furthest = now.plus(limits.nameWait());
        for (Container container : where(held, deadline -> !deadline.isAfter(now) || deadline.isAfter(furthest))) {
            held.remove(container);
            container.named(container.key().pathDerivedId(), null);
        }
        Instant bygone = now.minus(limits.retention());
        for (Container container : where(ended, at -> !at.isAfter(bygone))) {
            forget(container);
        }
        index.forgetBefore(bygone);
    }

    private static List<Container> where(Map<Container, Instant> times, Predicate<Instant> due) {
        List<Container> found = new ArrayList<>();
        times.forEach((container, time) -> {
            if (due.test(time)) {
                found.add(container);
            }
        });
        return found;
    }

    private void forget(Container container) {
        containers.remove(container.key());
        held.remove(container);
        ended.remove(container);
        index.forget(container);
        Optional<Container> heir = container.id().flatMap(this::newest);
        for (ContainerListener listener : listeners) {
            listener.forgotten(container, heir);
        }
    }

    private Optional<Container> newest(ContainerId id) {
        Container newest = null;
        for (Container candidate : containers.values()) {
            if (candidate.id().equals(Optional.of(id))) {
                newest = candidate;
            }
        }
        return Optional.ofNullable(newest);
    }

    /**
     * The container of a cgroup of which something was observed, be it gone already; empty for standalone cgroups and
     * unknown ones. An unknown one is remembered for {@link #unresolved()}.
     */
    public Optional<Container> containerOf(CgroupRef ref) {
        Optional<Container> container = index.containerOf(ref);
        container.ifPresent(Container::observe);
        return container;
    }

    /** Whether it is known what the cgroup is, a container or not. */
    public boolean isKnown(CgroupRef ref) {
        return index.isKnown(ref);
    }

    /** Whether the cgroup is known and has not been removed. */
    public boolean isLive(CgroupRef ref) {
        return index.isLive(ref);
    }

    /**
     * The cgroups that were asked for in vain since the last call, each once: the caller looks them up and reports them
     * by {@link #cgroupCreated}. One that is asked for again after that is handed out again.
     */
    public List<CgroupRef> unresolved() {
        return index.takeUnresolved();
    }

    /** Whether {@link #unresolved()} would return any. */
    public boolean hasUnresolved() {
        return index.hasUnresolved();
    }

    /** Whether a container is withheld because its runtime was asked for the name. */
    public boolean awaitsNames() {
        return !held.isEmpty();
    }

    /** All containers, oldest first: running, ended, withheld and hidden ones. A view. */
    public Collection<Container> containers() {
        return Collections.unmodifiableCollection(containers.values());
    }

    /** What did not fit, by table; zeros included. */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(index.drops());
        drops.put("ended_containers", endedDropped);
        drops.put("running_containers", runningDropped);
        return drops;
    }

    /** How long ended containers are kept. */
    public Duration retention() {
        return limits.retention();
    }
}
