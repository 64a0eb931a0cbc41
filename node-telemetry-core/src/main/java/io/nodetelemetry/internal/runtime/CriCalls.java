package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.GrpcChannel;
import io.nodetelemetry.internal.runtime.grpc.GrpcStatusException;
import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import io.nodetelemetry.model.ContainerMetadata;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The CRI's runtime service, in the version that the runtime has. */
final class CriCalls {
    /** v1alpha2 was the only one until containerd 1.6 and CRI-O 1.20. */
    private static final List<String> VERSIONS = List.of("v1", "v1alpha2");

    private final GrpcChannel channel;

    CriCalls(GrpcChannel channel) {
        this.channel = channel;
    }

    /**
     * Looks for a container or sandbox.
     *
     * @throws GrpcStatusException among others with {@link GrpcStatusException#UNIMPLEMENTED} if there is no CRI here
     */
    Optional<ContainerMetadata> find(String id) throws IOException {
        byte[] question = new ProtoWriter().text(1, id).toByteArray();
        Optional<byte[]> container = ask("ContainerStatus", question);
        if (container.isPresent()) {
            return Optional.of(CriAnswers.container(container.get()));
        }
        Optional<byte[]> sandbox = ask("PodSandboxStatus", question);
        return sandbox.isPresent() ? Optional.of(CriAnswers.sandbox(sandbox.get())) : Optional.empty();
    }

    /** The runtime's name and version, such as {@code containerd 1.6.20}. */
    String version() throws IOException {
        return CriAnswers.version(
                ask("Version", new byte[0]).orElseThrow(() -> new IOException("the CRI has no version")));
    }

    private Optional<byte[]> ask(String method, byte[] question) throws IOException {
        for (String version : VERSIONS) {
            try {
                return Optional.of(
                        channel.call("runtime." + version + ".RuntimeService/" + method, Map.of(), question));
            } catch (GrpcStatusException e) {
                if (e.code() == GrpcStatusException.NOT_FOUND) {
                    return Optional.empty();
                }
                if (e.code() != GrpcStatusException.UNIMPLEMENTED || version.equals(VERSIONS.getLast())) {
                    throw e;
                }
            }
        }
        throw new AssertionError("there is a version");
    }
}
