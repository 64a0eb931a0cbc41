package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.state.Container;
import java.util.List;

/** Tells which processes run in a container now. */
@FunctionalInterface
interface ContainerProcesses {
    /** Nothing is known of any. */
    ContainerProcesses UNKNOWN = container -> List.of();

    /** As this process's pid namespace numbers them; empty if there are none or they cannot be read. */
    List<Integer> of(Container container);
}
