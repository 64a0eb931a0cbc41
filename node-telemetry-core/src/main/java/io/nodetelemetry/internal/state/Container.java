package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    private final Instant startedAt;
    private final Map<CgroupRef, CgroupPath> cgroups = new LinkedHashMap<>();
    private @Nullable ContainerId id;
    private @Nullable ContainerMetadata metadata;
    private @Nullable Instant endedAt;
    private boolean hidden;
    private boolean observed;
    private int cgroupChanges;

    Container(ContainerKey key, Instant startedAt) {
        this.key = key;
        this.startedAt = startedAt;
        observed = key.existsByItsCgroup();
    }

    /** What the runtime calls it; never changes. */
    public ContainerKey key() {
        return key;
    }

    /**
     * The name it is reported under; empty while the runtime is being asked, and for ever if it is {@link #hidden()}.
     * It changes once if the runtime answers late.
     */
    public Optional<ContainerId> id() {
        return Optional.ofNullable(id);
    }

    /** Whether this is never reported: the sandbox of a pod. */
    public boolean hidden() {
        return hidden;
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
        observed = true;
    }

    void add(CgroupRef ref, CgroupPath path) {
        cgroups.put(ref, path);
        cgroupChanges++;
        endedAt = null;
    }

    void remove(CgroupRef ref, Instant now) {
        cgroups.remove(ref);
        cgroupChanges++;
        if (cgroups.isEmpty()) {
            endedAt = now;
        }
    }

    void named(ContainerId name, @Nullable ContainerMetadata answer) {
        id = name;
        metadata = answer;
    }

    void hide(ContainerMetadata answer) {
        hidden = true;
        id = null;
        metadata = answer;
    }

    @Override
    public String toString() {
        return id == null ? key.toString() : id.value();
    }
}
