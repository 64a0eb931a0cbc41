package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
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
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private final ContainerSelection selection;
    private final CgroupIndex index;
    private final Bearers bearers = new Bearers();
    private final Beginnings beginnings = new Beginnings(bearers);
    private final Map<ContainerKey, Container> containers = new LinkedHashMap<>();
    /** Those without a name and the moment from which on they go without. */
    private final Map<Container, Instant> held = new LinkedHashMap<>();
    /** Oldest first. */
    private final Map<Container, Instant> ended = new LinkedHashMap<>();

    private final YoungContainers young;

    private final List<ContainerListener> listeners = new ArrayList<>();
    private long appeared;
    private long endedDropped;
    private long runningDropped;

    /** An empty registry whose containers are all reported. */
    public ContainerRegistry(InstantSource clock, ContainerLimits limits) {
        this(clock, limits, ContainerSelection.ALL);
    }

    /** An empty registry. */
    public ContainerRegistry(InstantSource clock, ContainerLimits limits, ContainerSelection selection) {
        this.clock = clock;
        this.limits = limits;
        this.selection = selection;
        young = new YoungContainers(selection.minAge());
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
            boolean lived = container.lives();
            container.add(ref, path);
            ended.remove(container);
            index.add(ref, container);
            noteLife(container, lived);
        }
    }

    /**
     * The first process came to a cgroup and those below it, or the last one left. That is the end of a container of
     * unknown make, whose cgroup may outlive it; others end with their cgroups, and may well be without a process for a
     * moment in between.
     */
    public void cgroupPopulated(CgroupRef ref, boolean populated) {
        Container container = index.liveContainer(ref).orElse(null);
        if (container != null && container.key().runtime() == ContainerRuntime.OTHER) {
            boolean lived = container.lives();
            if (container.populated(ref, populated)) {
                noteLife(container, lived);
            }
        }
    }

    private void noteLife(Container container, boolean lived) {
        boolean lives = container.lives();
        if (lives && !lived) {
            tellRestarted(beginnings.began(container));
        } else if (lived && !lives) {
            beginnings.ended(container);
        }
    }

    private void tellRestarted(List<Container> restarted) {
        for (Container container : restarted) {
            for (ContainerListener listener : listeners) {
                listener.restarted(container);
            }
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
        Container container = new Container(key, appeared++, now);
        containers.put(key, container);
        if (key.hasNameElsewhere() || selection.needsUnit(key)) {
            held.put(container, now.plus(limits.nameWait()));
        } else {
            name(container, key.pathDerivedId(), null);
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
        boolean lived = container.lives();
        container.remove(ref, now);
        noteLife(container, lived);
        if (container.endedAt().isPresent()) {
            ended.put(container, now);
        }
    }

    /**
     * Repairs what lost events hid, in both directions.
     *
     * @param found the cgroups of a walk of the tree
     * @param complete the hierarchies that were walked to the end; cgroups of others are left as they are
     * @param exists asked about a container's cgroup that the walk did not find: it may have been made after the walk
     *     began, or been passed over because others came and went meanwhile
     */
    public void reconcile(
            Map<CgroupRef, CgroupPath> found, Set<Integer> complete, BiPredicate<CgroupRef, CgroupPath> exists) {
        for (CgroupRef missing : index.liveOutside(found.keySet(), complete)) {
            Optional<CgroupPath> path = index.liveContainer(missing)
                    .map(container -> container.cgroups().get(missing));
            if (path.isEmpty() || !exists.test(missing, path.get())) {
                cgroupRemoved(missing);
            }
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
                name(container, key.pathDerivedId(), null);
            }
        } else if (ContainerNames.isPodSandbox(answer.get())) {
            unname(container);
            container.hide(answer.get());
        } else {
            name(
                    container,
                    ContainerNames.of(key, answer.get(), clock.instant()).orElseGet(key::pathDerivedId),
                    answer.get());
        }
    }

    private void name(Container container, ContainerId name, @Nullable ContainerMetadata answer) {
        unname(container);
        if (answer != null) {
            answer.createdAt().ifPresent(created -> ageSince(container, created));
        }
        bearers.of(name).forEach(other -> ageSince(container, other.since()));
        bearers.add(name, container);
        boolean admitted = selection.admits(
                container.key(), name, Optional.ofNullable(answer).flatMap(ContainerMetadata::unit));
        container.named(name, answer, admitted);
        young.judge(container, clock.instant());
        tellRestarted(beginnings.named(container));
    }

    private void unname(Container container) {
        ContainerId name = container.name();
        if (name != null) {
            bearers.remove(name, container);
        }
    }

    private static void ageSince(Container container, Instant other) {
        if (other.isBefore(container.since())) {
            container.since(other);
        }
    }

    /** Lets time pass: names that did not come, containers that have got old enough, containers that ended long ago. */
    public void tick() {
        Instant now = clock.instant();
        // A deadline further away than the wait is long: the clock was set back meanwhile.
        Instant furthest = now.plus(limits.nameWait());
        for (Container container : where(held, deadline -> !deadline.isAfter(now) || deadline.isAfter(furthest))) {
            held.remove(container);
            name(container, container.key().pathDerivedId(), null);
        }
        young.tick(now);
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
        young.forget(container);
        index.forget(container);
        unname(container);
        Optional<Container> heir = Optional.ofNullable(container.name()).flatMap(bearers::newest);
        for (ContainerListener listener : listeners) {
            listener.forgotten(container, heir);
        }
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

    /** All containers, oldest first, whether they are reported or not. A view. */
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
