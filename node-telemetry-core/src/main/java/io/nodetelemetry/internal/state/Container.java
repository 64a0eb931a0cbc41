package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container or service as it is known now. Changed by its {@link ContainerRegistry} alone and for use on the
 * registry's thread; one object stands for one {@link #key()} from its first cgroup until it is forgotten.
 *
 * <p>Two containers may bear the same {@link #id()}, one after the other or, rarely, at once: what is reported by id is
 * a sum over them.
 */
public final class Container {
    private final ContainerKey key;
    private final long ordinal;
    private final Instant startedAt;
    private final Map<CgroupRef, CgroupPath> cgroups = new LinkedHashMap<>();
    /** Cgroups that are there while nothing runs in them: those known to be vacated, and slices. */
    private final Set<CgroupRef> lifeless = new HashSet<>();

    private final Lifespan life = new Lifespan();
    private Instant since;
    private @Nullable ContainerId name;
    private @Nullable ContainerMetadata metadata;
    private @Nullable Instant endedAt;
    private boolean hidden;
    private boolean young;
    private boolean observed;
    private int cgroupChanges;
    /** What {@link #id()} says: it is asked for every row of every turn. */
    private Optional<ContainerId> id = Optional.empty();

    Container(ContainerKey key, long ordinal, Instant startedAt) {
        this.key = key;
        this.ordinal = ordinal;
        this.startedAt = startedAt;
        since = startedAt;
        observed = key.existsByItsCgroup();
    }

    /** What the runtime calls it; never changes. */
    public ContainerKey key() {
        return key;
    }

    /** Grows from one container to the next that appeared. */
    long ordinal() {
        return ordinal;
    }

    /**
     * The name it is reported under; empty as long as it is not reported at all, for whatever reason, and then it has
     * no series of any kind. It changes once if the runtime answers late.
     */
    public Optional<ContainerId> id() {
        return id;
    }

    /** Whether it is reported, and if not, why. */
    public Reporting reporting() {
        if (hidden) {
            return Reporting.HIDDEN;
        }
        if (name == null) {
            return Reporting.UNNAMED;
        }
        if (!observed) {
            return Reporting.EMPTY;
        }
        return young ? Reporting.YOUNG : Reporting.REPORTED;
    }

    /** The name it has, reported or not; null while its runtime is being asked. */
    @Nullable
    ContainerId name() {
        return name;
    }

    /** What the runtime said; empty if it has not answered or does not know the container. */
    public Optional<ContainerMetadata> metadata() {
        return Optional.ofNullable(metadata);
    }

    /** Its live cgroups, oldest first, so that the outer ones come first; empty once it has ended. A view. */
    public Map<CgroupRef, CgroupPath> cgroups() {
        return Collections.unmodifiableMap(cgroups);
    }

    /** How often its cgroups were others than before: whoever keeps something about them compares this. */
    public int cgroupChanges() {
        return cgroupChanges;
    }

    /** When it was first seen; for what ran before the agent, the agent's own start. */
    public Instant startedAt() {
        return startedAt;
    }

    /** When its last cgroup went; empty while it runs. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /**
     * Whether anything runs or ran in it, as far as it was noticed. systemd makes cgroups for mounts and the like, and
     * other layouts have levels that only group cgroups.
     */
    public boolean observed() {
        return observed;
    }

    void observe() {
        if (!observed) {
            observed = true;
            decide();
        }
    }

    void add(CgroupRef ref, CgroupPath path) {
        cgroups.put(ref, path);
        cgroupChanges++;
        if (path.value().endsWith(".slice")) {
            // Holds units and stays when they stop.
            lifeless.add(ref);
        }
        endedAt = null;
    }

    void remove(CgroupRef ref, Instant now) {
        cgroups.remove(ref);
        cgroupChanges++;
        lifeless.remove(ref);
        if (cgroups.isEmpty()) {
            endedAt = now;
        }
    }

    /** The last process of a cgroup ended, or the first one began; false if that was known. */
    boolean populated(CgroupRef ref, boolean populated) {
        return cgroups.containsKey(ref) && (populated ? lifeless.remove(ref) : lifeless.add(ref));
    }

    /** Whether it has a cgroup in which something may run. */
    boolean lives() {
        return cgroups.size() > lifeless.size();
    }

    Lifespan life() {
        return life;
    }

    /** From when on its age is counted. */
    Instant since() {
        return since;
    }

    void since(Instant earlier) {
        since = earlier;
    }

    /** How long it has run, or had when it ended. */
    Duration age(Instant now) {
        return Duration.between(since, endedAt == null ? now : endedAt);
    }

    void named(ContainerId newName, @Nullable ContainerMetadata answer, boolean admitted) {
        name = newName;
        metadata = answer;
        hidden = !admitted;
        decide();
    }

    /** It is the sandbox of a pod. */
    void hide(ContainerMetadata answer) {
        name = null;
        metadata = answer;
        hidden = true;
        decide();
    }

    void young(boolean tooYoung) {
        young = tooYoung;
        decide();
    }

    private void decide() {
        id = reporting() == Reporting.REPORTED ? Optional.ofNullable(name) : Optional.empty();
    }

    @Override
    public String toString() {
        return name == null ? key.toString() : name.value();
    }
}
