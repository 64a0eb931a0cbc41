package io.nodetelemetry;

/** Placeholder until the parts are wired together. */
public final class NodeTelemetry {
    private NodeTelemetry() {}
}
