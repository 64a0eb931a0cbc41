package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;

/** Who containers talk to over the network, as far as it is known. For the agent's thread. */
@FunctionalInterface
public interface Peers {
    /** Names every peer of every container that is reported; one that is known for several reasons is named several times. */
    void visit(Visitor visitor);

    /** Is told of peers. */
    @FunctionalInterface
    interface Visitor {
        /**
         * A container talks to an address, or tried to.
         *
         * @param lastNanos {@code CLOCK_MONOTONIC} of the last sign of that
         */
        void peer(ContainerId container, SocketAddress address, long lastNanos);
    }
}
