package io.nodetelemetry;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A running agent: it watches this node from {@link NodeTelemetryBuilder#start()} to {@link #close()}.
 *
 * <pre>{@code
 * try (NodeTelemetry telemetry = NodeTelemetry.builder()
 *         .prometheus("127.0.0.1", 9400)
 *         .otlp(URI.create("http://localhost:4318"))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Whoever starts it closes it. Several may run in one JVM. It has a few threads of its own, all daemons; it sets
 * nothing process-wide, reads no environment variable and no system property, and opens no port but the one it was given.
 * Native access is the host's to grant: {@code --enable-native-access=io.nodetelemetry}.
 *
 * <p>Safe for use by several threads.
 */
public final class NodeTelemetry implements AutoCloseable {
    private final AtomicReference<@Nullable Agent> agent;

    NodeTelemetry(Agent agent) {
        this.agent = new AtomicReference<>(agent);
    }

    /** Starts a configuration with the defaults: all collectors on, no outlet. */
    public static NodeTelemetryBuilder builder() {
        return new NodeTelemetryBuilder();
    }

    /**
     * Pushes once more where a push is configured, then stops everything that was started. Takes 2 s at most; calls
     * after the first do nothing. Never throws.
     */
    @Override
    public void close() {
        Agent running = agent.getAndSet(null);
        if (running != null) {
            running.close();
        }
    }
}
