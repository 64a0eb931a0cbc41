package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.util.Optional;

/** One runtime's API. Called on one thread at a time; every call ends within a time of the client's own. */
public interface RuntimeClient {
    /** Short and lower case; part of the name of the thread that calls. */
    String name();

    /** Whether containers of that kind may be known here. More than one client may say so. */
    boolean serves(ContainerRuntime runtime);

    /**
     * Asks for a container.
     *
     * @param id the runtime's own id
     * @return empty if the runtime answered that it has no such container
     * @throws IOException if there was no answer or none that makes sense; worth another try later
     */
    Optional<ContainerMetadata> inspect(String id) throws IOException;
}
