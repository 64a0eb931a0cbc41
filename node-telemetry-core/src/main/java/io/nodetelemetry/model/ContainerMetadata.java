package io.nodetelemetry.model;

import java.util.List;
import java.util.Map;

/**
 * What a runtime says of one of its containers.
 *
 * @param name without a leading slash; empty if the runtime gave none
 * @param image as the user wrote it, for example {@code nginx:1.27}; empty if unknown
 * @param labels the container's labels, those of Kubernetes among them
 * @param publishedPorts addresses of the host that lead to the container (TCP only)
 */
public record ContainerMetadata(
        String name, String image, Map<String, String> labels, List<SocketAddress> publishedPorts) {
    public ContainerMetadata {
        labels = Map.copyOf(labels);
        publishedPorts = List.copyOf(publishedPorts);
    }
}
