package io.nodetelemetry;

/** What runs between start and close. Does nothing until the parts are wired together. */
final class Agent implements AutoCloseable {
    private Agent() {}

    static Agent start(NodeTelemetryConfig config, Attachments attachments) throws NodeTelemetryException {
        return new Agent();
    }

    @Override
    public void close() {}
}
