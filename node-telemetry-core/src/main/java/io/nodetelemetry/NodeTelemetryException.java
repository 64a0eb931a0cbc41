package io.nodetelemetry;

import org.jspecify.annotations.Nullable;

/**
 * The agent cannot run as it was configured: a port is taken, an exporter cannot be made. Thrown by
 * {@link NodeTelemetryBuilder#start()} alone, with everything closed that had been opened; after a start nothing is
 * thrown at the host. A source that is missing does not end the agent: its collector is off, with the reason shown.
 *
 * <p>The message is made for people: what is wrong, and what to do about it.
 */
public final class NodeTelemetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and the remedy, in one sentence each. */
    public NodeTelemetryException(String problemAndRemedy) {
        super(problemAndRemedy);
    }

    /** The same, with what led to it. */
    public NodeTelemetryException(String problemAndRemedy, @Nullable Throwable cause) {
        super(problemAndRemedy, cause);
    }
}
