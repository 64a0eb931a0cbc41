package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.GrpcChannel;
import io.nodetelemetry.internal.runtime.grpc.GrpcStatusException;
import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import io.nodetelemetry.model.ContainerMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** containerd's own API, which knows the containers that the CRI does not: those of nerdctl, ctr and the like. */
final class ContainerdCalls {
    /** Docker's namespace: its containers have no names here, docker answers those. */
    private static final String DOCKERS = "moby";

    /** Where containers are as a rule. */
    private static final List<String> FIRST = List.of("default", "k8s.io");

    private final GrpcChannel channel;

    ContainerdCalls(GrpcChannel channel) {
        this.channel = channel;
    }

    /**
     * Looks for a container in all namespaces.
     *
     * @throws GrpcStatusException among others with {@link GrpcStatusException#UNIMPLEMENTED} if this is no containerd
     */
    Optional<ContainerMetadata> find(String id) throws IOException {
        List<String> namespaces = new ArrayList<>(FIRST);
        for (String namespace : ContainerdRecord.namespaces(
                channel.call("containerd.services.namespaces.v1.Namespaces/List", Map.of(), new byte[0]))) {
            if (!FIRST.contains(namespace) && !namespace.equals(DOCKERS)) {
                namespaces.add(namespace);
            }
        }
        for (String namespace : namespaces) {
            Optional<ContainerMetadata> found = get(namespace, id);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Looks for a container in one namespace. */
    Optional<ContainerMetadata> get(String namespace, String id) throws IOException {
        try {
            return Optional.of(ContainerdRecord.container(channel.call(
                    "containerd.services.containers.v1.Containers/Get",
                    Map.of("containerd-namespace", namespace),
                    new ProtoWriter().text(1, id).toByteArray())));
        } catch (GrpcStatusException e) {
            if (e.code() == GrpcStatusException.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
