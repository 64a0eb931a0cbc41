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
 *     the part of the cgroup path that names it, as it stands there. An id that is a path means of the others, too, that
 *     the runtime is guessed: should it not know the container, that has no runtime and goes by its path
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
            case SYSTEMD, OTHER -> new ContainerId(readable(id));
            case DOCKER, CONTAINERD, CRIO, PODMAN, LXC ->
                isGuess()
                        ? new ContainerId(id)
                        : new ContainerId('/' + runtime.name().toLowerCase(Locale.ROOT) + '/' + id);
        };
    }

    private boolean isGuess() {
        return id.startsWith("/");
    }

    /** Only the escaped dash, by far the most common, is made readable: the other characters are escaped for cause. */
    private static String readable(String path) {
        return path.replace("\\x2d", "-");
    }

    /** Whether there is a container as soon as there is a cgroup of that name. */
    boolean existsByItsCgroup() {
        return runtime != ContainerRuntime.SYSTEMD && runtime != ContainerRuntime.OTHER && !isGuess();
    }

    /** Whether the runtime knows a name that is worth waiting for. */
    public boolean hasNameElsewhere() {
        return switch (runtime) {
            case DOCKER, CONTAINERD, CRIO, PODMAN -> true;
            case LXC, SYSTEMD, OTHER -> false;
        };
    }

    /** Whether somebody can say more of it than its cgroup path does, be it worth waiting for or not. */
    public boolean isKnownElsewhere() {
        return switch (runtime) {
            case DOCKER, CONTAINERD, CRIO, PODMAN, SYSTEMD -> true;
            case LXC, OTHER -> false;
        };
    }
}
