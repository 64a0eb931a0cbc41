package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Podman's containers: its API service, which speaks Docker's language, where its socket is; else, or when it does not
 * answer, {@linkplain PodmanStorage the files}, which tell neither labels nor published ports. Containers of users other
 * than root are known to neither. For one thread.
 */
public final class PodmanClient implements RuntimeClient {
    /** Where the service listens. */
    private static final Path DEFAULT_SOCKET = Path.of("run/podman/podman.sock");

    /** For one question to the service; shorter than a name is waited for, so that the files can still be asked. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** How long a service that failed is left alone. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** Holds the namespaces of a pod and does nothing. It bears no label, but the pod's id in its name. */
    private static final Pattern INFRA = Pattern.compile("[0-9a-f]{12}-infra");

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final List<Path> sockets;
    private final DockerClient service;
    private final PodmanStorage storage;
    private final LongSupplier nanoTime;
    private boolean failed;
    private long failedAtNanos;

    /**
     * Opens nothing.
     *
     * @param socket the service's; empty: where it is by default
     * @param roots where the host's root directory is seen, best first
     * @param timeout for one question to the service
     * @param nanoTime as {@link System#nanoTime()}
     */
    public PodmanClient(Optional<Path> socket, List<Path> roots, Duration timeout, LongSupplier nanoTime) {
        sockets = socket.map(List::of)
                .orElseGet(() ->
                        roots.stream().map(root -> root.resolve(DEFAULT_SOCKET)).toList());
        service = new DockerClient("podman", ContainerRuntime.PODMAN, ContainerLogFile.Format.CRI, sockets, timeout);
        storage = new PodmanStorage(roots);
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return service.name();
    }

    @Override
    public boolean serves(ContainerRuntime runtime) {
        return service.serves(runtime);
    }

    @Override
    public Optional<ContainerMetadata> inspect(String id) throws IOException {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        IOException failure = null;
        if (isServiceHere() && !isPaused()) {
            try {
                return service.inspect(id).map(PodmanClient::marked);
            } catch (IOException e) {
                failed = true;
                failedAtNanos = nanoTime.getAsLong();
                failure = e;
            }
        }
        Optional<Path> directory = storage.directory();
        if (directory.isPresent()) {
            Optional<ContainerMetadata> found =
                    storage.find(directory.get(), id).map(PodmanClient::marked);
            // The service may have other files than these: what it does not say is not known to be so.
            if (found.isPresent() || !isServiceHere()) {
                return found;
            }
        }
        if (failure != null) {
            throw failure;
        }
        throw isServiceHere()
                ? new IOException("podman's service failed less than " + PAUSE.toSeconds() + " s ago")
                : new RuntimeAbsentException("no podman socket at " + sockets + " and no files of its");
    }

    private boolean isServiceHere() {
        return sockets.stream().anyMatch(Files::exists);
    }

    private boolean isPaused() {
        return failed && nanoTime.getAsLong() - failedAtNanos < PAUSE.toNanos();
    }

    /** A pod's infra container gets the label by which sandboxes are known. */
    private static ContainerMetadata marked(ContainerMetadata metadata) {
        return INFRA.matcher(metadata.name()).matches()
                ? metadata.withLabels(Map.of(KubernetesLabels.POD, metadata.name()))
                : metadata;
    }

    /**
     * Where Podman's containers are known from, and what version the service says it is.
     *
     * @return empty if there is no Podman here
     * @throws IOException if there is nothing but a service that does not answer; the message says why
     */
    public Optional<String> version() throws IOException {
        Optional<Path> directory = storage.directory();
        if (isServiceHere()) {
            try {
                return Optional.of("podman " + service.version());
            } catch (IOException e) {
                if (directory.isEmpty()) {
                    throw e;
                }
                return Optional.of(directory.get() + "; the service does not answer: " + e.getMessage());
            }
        }
        return directory.map(found -> found + ", no service");
    }
}
