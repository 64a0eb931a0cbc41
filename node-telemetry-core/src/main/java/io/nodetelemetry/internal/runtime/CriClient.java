package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.GrpcChannel;
import io.nodetelemetry.internal.runtime.grpc.GrpcStatusException;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One runtime of the Kubernetes kind: containerd or CRI-O. It is asked by the Container Runtime Interface first; what
 * that does not know, by containerd's own API, should it be containerd. One that starts late or restarts is simply asked
 * again.
 */
public final class CriClient implements RuntimeClient {
    /** Where runtimes listen, each with its paths in the order in which they are looked for. */
    public static final List<List<Path>> DEFAULT_SOCKETS = List.of(
            List.of(Path.of("/run/containerd/containerd.sock")),
            List.of(Path.of("/run/k3s/containerd/containerd.sock")),
            List.of(Path.of("/run/k0s/containerd.sock")),
            List.of(Path.of("/var/snap/microk8s/common/run/containerd.sock")),
            List.of(Path.of("/run/crio/crio.sock"), Path.of("/var/run/crio/crio.sock")));

    /** For one call from connect to the last byte of the answer. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** An id, or a cgroup's path that consists of a namespace of containerd and an id. */
    private static final Pattern ID = Pattern.compile("(?:/([a-zA-Z0-9._-]+)/)?([a-zA-Z0-9][a-zA-Z0-9_.-]{0,127})");

    private final List<Path> sockets;
    private final Duration timeout;

    /**
     * Opens nothing.
     *
     * @param sockets the first one that exists is asked
     * @param timeout for one call
     */
    public CriClient(List<Path> sockets, Duration timeout) {
        this.sockets = List.copyOf(sockets);
        this.timeout = timeout;
    }

    /** One client per socket if some are given, else one for each runtime that there may be. */
    public static List<CriClient> of(List<Path> configured, Duration timeout) {
        return (configured.isEmpty()
                        ? DEFAULT_SOCKETS
                        : configured.stream().map(List::of).toList())
                .stream().map(each -> new CriClient(each, timeout)).toList();
    }

    @Override
    public String name() {
        return "cri";
    }

    /** Docker's containers, too: the cgroups of pods do not tell whether docker or containerd made them. */
    @Override
    public boolean serves(ContainerRuntime runtime) {
        return switch (runtime) {
            case DOCKER, CONTAINERD, CRIO -> true;
            case PODMAN, LXC, SYSTEMD, OTHER -> false;
        };
    }

    @Override
    public Optional<ContainerMetadata> inspect(String id) throws IOException {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        GrpcChannel channel = channel();
        ContainerdCalls containerd = new ContainerdCalls(channel);
        if (matcher.group(1) != null) {
            return implemented(() -> containerd.get(matcher.group(1), matcher.group(2)))
                    .flatMap(found -> found);
        }
        Optional<Optional<ContainerMetadata>> byCri = implemented(() -> new CriCalls(channel).find(id));
        if (byCri.isPresent() && byCri.get().isPresent()) {
            return byCri.get();
        }
        Optional<Optional<ContainerMetadata>> byContainerd = implemented(() -> containerd.find(id));
        if (byCri.isEmpty() && byContainerd.isEmpty()) {
            throw speaksNothing(channel);
        }
        return byContainerd.flatMap(found -> found);
    }

    /**
     * The socket, and the runtime's name and version, such as {@code containerd 1.6.20}; proves that it is alive and
     * answers sense. Empty if it is not here.
     *
     * @throws IOException if it is here and does not; the message says what was tried
     */
    public Optional<String> version() throws IOException {
        GrpcChannel channel;
        try {
            channel = channel();
        } catch (RuntimeAbsentException e) {
            return Optional.empty();
        }
        Optional<String> version = implemented(() -> new CriCalls(channel).version());
        if (version.isEmpty()
                && implemented(() -> new ContainerdCalls(channel).find("-")).isPresent()) {
            version = Optional.of("containerd, its CRI plugin is off");
        }
        return Optional.of(channel.socket() + ", " + version.orElseThrow(() -> speaksNothing(channel)));
    }

    private static IOException speaksNothing(GrpcChannel channel) {
        return new IOException(channel.socket() + " speaks neither the CRI nor containerd's API");
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    /** Empty if the server has no such service. */
    private static <T> Optional<T> implemented(Call<T> call) throws IOException {
        try {
            return Optional.of(call.run());
        } catch (GrpcStatusException e) {
            if (e.code() == GrpcStatusException.UNIMPLEMENTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private GrpcChannel channel() throws IOException {
        for (Path candidate : sockets) {
            if (Files.exists(candidate)) {
                return new GrpcChannel(candidate, timeout, DeadlineSocket::connect);
            }
        }
        throw new RuntimeAbsentException("no socket at " + sockets);
    }
}
