package io.nodetelemetry.internal.state;

import java.util.Optional;

/** Told by the registry, on its thread, what becomes of containers. */
public interface ContainerListener {
    /** A container appeared that its runtime, or systemd, should be asked about. */
    default void metadataWanted(ContainerKey key) {}

    /** Something runs under a container's name again, of which all had ended: in this container, after itself or another of the name. */
    default void restarted(Container container) {}

    /**
     * A container is no longer kept, and its cgroups lead nowhere from now on.
     *
     * @param container the one that goes
     * @param heir another container of the same name, if there is one; counts of the first that are
     *     added to the heir keep the series of that id from falling
     */
    default void forgotten(Container container, Optional<Container> heir) {}
}
