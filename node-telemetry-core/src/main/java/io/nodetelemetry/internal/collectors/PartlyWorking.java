package io.nodetelemetry.internal.collectors;

import java.util.Optional;

/** A collector that goes on with less when something it uses is missing. For the agent's thread. */
public interface PartlyWorking {
    /** What is missing, and what to do about it; empty if nothing is. */
    Optional<String> degraded();
}
