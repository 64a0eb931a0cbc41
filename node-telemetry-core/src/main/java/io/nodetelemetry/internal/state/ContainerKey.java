package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerRuntime;
import java.util.Locale;
import java.util.Objects;

/**
 * What a container is called by whoever started it. It stays the same when the container is stopped and started again,
 * and differs between two containers that bear the same name one after the other.
 *
 * @param runtime what started it
 * @param id the runtime's own id (64 hexadecimal digits for most), an LXC name, or for a systemd unit and anything else
 *     the part of the cgroup path that names it
 */
public record ContainerKey(ContainerRuntime runtime, String id) {
    public ContainerKey {
        Objects.requireNonNull(runtime, "runtime");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("runtime id must not be empty");
        }
    }

    /** The name that follows from the cgroup path alone, for as long as the runtime has not told a better one. */
    ContainerId pathDerivedId() {
        return switch (runtime) {
            case SYSTEMD, OTHER -> new ContainerId(id);
            case DOCKER, CONTAINERD, CRIO, PODMAN, LXC ->
                new ContainerId('/' + runtime.name().toLowerCase(Locale.ROOT) + '/' + id);
        };
    }

    /** Whether there is a container as soon as there is a cgroup of that name. */
    boolean existsByItsCgroup() {
        return runtime != ContainerRuntime.SYSTEMD && runtime != ContainerRuntime.OTHER;
    }

    /** Whether the runtime knows a name that is worth waiting for. */
    public boolean hasNameElsewhere() {
        return switch (runtime) {
            case DOCKER, CONTAINERD, CRIO -> true;
            case PODMAN, LXC, SYSTEMD, OTHER -> false;
        };
    }
}
