package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerRuntime;
import java.util.Objects;
import java.util.Optional;

/** What a cgroup is, judged by its path alone. */
public sealed interface Classification {
    /** A cgroup whose processes are nobody's container. */
    enum Unreported implements Classification {
        /** The root of the hierarchy: nothing is known of its processes; kernel threads live here. */
        ROOT,
        /** A login session, PID 1, a runtime's monitor process, or a level that only groups containers. */
        STANDALONE
    }

    /** A container or service, or a cgroup inside of one. */
    record Contained(ContainerKey key) implements Classification {
        public Contained {
            Objects.requireNonNull(key, "key");
        }
    }

    /** A container or service. */
    static Classification contained(ContainerRuntime runtime, String id) {
        return new Contained(new ContainerKey(runtime, id));
    }

    /** The container, unless it is none. */
    default Optional<ContainerKey> container() {
        return this instanceof Contained contained ? Optional.of(contained.key()) : Optional.empty();
    }
}
