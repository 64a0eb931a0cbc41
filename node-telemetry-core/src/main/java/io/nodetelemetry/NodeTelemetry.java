package io.nodetelemetry;

import io.nodetelemetry.internal.doctor.Doctor;
import io.nodetelemetry.internal.doctor.Host;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.internal.ffm.Zstd;
import io.nodetelemetry.internal.runtime.DockerClient;
import io.nodetelemetry.model.Diagnosis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
    private static final Duration DOCKER_LIMIT = Duration.ofSeconds(2);

    private final AtomicReference<@Nullable Agent> agent;

    NodeTelemetry(Agent agent) {
        this.agent = new AtomicReference<>(agent);
    }

    /** Starts a configuration with the defaults: all collectors on, no outlet. */
    public static NodeTelemetryBuilder builder() {
        return new NodeTelemetryBuilder();
    }

    /** The library's version, for example {@code 0.1.0}. */
    public static String version() {
        try (InputStream text = NodeTelemetry.class.getResourceAsStream("version.txt")) {
            if (text == null) {
                throw new IllegalStateException("version.txt is missing from the library's jar");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Examines what this machine offers to that configuration, without starting anything. Takes 2 s for each service that hangs,
     * mostly far less.
     * Never throws.
     *
     * @return one entry per thing that was looked at; the agent can count TCP by container unless one of them
     *     {@linkplain Diagnosis#prevents() prevents} it
     */
    public static List<Diagnosis> diagnose(NodeTelemetryConfig config) {
        return Doctor.examine(new Host(
                config.roots().proc(),
                config.roots().sys(),
                config.roots().cgroup(),
                config.containers().sockets().docker().map(List::of).orElse(DockerClient.DEFAULT_SOCKETS),
                RuntimeChecks.all(config),
                config.prometheus().map(outlet -> new InetSocketAddress(outlet.host(), outlet.port())),
                () -> Libbpf.load().version(),
                Zstd::version,
                socket -> new DockerClient(List.of(socket), DOCKER_LIMIT).version(),
                Runtime.version(),
                NodeTelemetry.class.getModule().isNativeAccessEnabled()));
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
