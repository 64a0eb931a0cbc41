package io.nodetelemetry.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a runtime says of one of its containers, or systemd of a unit.
 *
 * @param name without a leading slash; empty if the runtime gave none
 * @param image as the user wrote it, for example {@code nginx:1.27}; empty if unknown
 * @param labels the container's labels, those of Kubernetes among them
 * @param environment those of its environment variables that tell what it is; never all, as they may hold secrets
 * @param publishedPorts addresses of the host that lead to the container (TCP only)
 * @param mounts what of the host or of a volume is seen inside
 * @param unit what systemd says; empty for containers
 * @param createdAt when it was created, which may be long before it was last started; empty if unknown
 * @param logFile where the runtime writes what the container says; empty if unknown, or if it goes elsewhere
 */
public record ContainerMetadata(
        String name,
        String image,
        Map<String, String> labels,
        Map<String, String> environment,
        List<SocketAddress> publishedPorts,
        List<ContainerMount> mounts,
        Optional<UnitProperties> unit,
        Optional<Instant> createdAt,
        Optional<ContainerLogFile> logFile) {
    /** Of a container of which nothing is known but that it exists. */
    public static final ContainerMetadata EMPTY = new ContainerMetadata(
            "", "", Map.of(), Map.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public ContainerMetadata {
        labels = Map.copyOf(labels);
        environment = Map.copyOf(environment);
        publishedPorts = List.copyOf(publishedPorts);
        mounts = List.copyOf(mounts);
    }

    /** The same with a name. */
    public ContainerMetadata withName(String newName) {
        return new ContainerMetadata(
                newName, image, labels, environment, publishedPorts, mounts, unit, createdAt, logFile);
    }

    /** The same with an image. */
    public ContainerMetadata withImage(String newImage) {
        return new ContainerMetadata(
                name, newImage, labels, environment, publishedPorts, mounts, unit, createdAt, logFile);
    }

    /** The same with other labels. */
    public ContainerMetadata withLabels(Map<String, String> newLabels) {
        return new ContainerMetadata(
                name, image, newLabels, environment, publishedPorts, mounts, unit, createdAt, logFile);
    }

    /** The same with other environment variables. */
    public ContainerMetadata withEnvironment(Map<String, String> newEnvironment) {
        return new ContainerMetadata(
                name, image, labels, newEnvironment, publishedPorts, mounts, unit, createdAt, logFile);
    }

    /** The same with other published ports. */
    public ContainerMetadata withPublishedPorts(List<SocketAddress> newPorts) {
        return new ContainerMetadata(name, image, labels, environment, newPorts, mounts, unit, createdAt, logFile);
    }

    /** The same with other mounts. */
    public ContainerMetadata withMounts(List<ContainerMount> newMounts) {
        return new ContainerMetadata(
                name, image, labels, environment, publishedPorts, newMounts, unit, createdAt, logFile);
    }

    /** The same with what systemd says. */
    public ContainerMetadata withUnit(UnitProperties newUnit) {
        return new ContainerMetadata(
                name, image, labels, environment, publishedPorts, mounts, Optional.of(newUnit), createdAt, logFile);
    }

    /** The same with the time of its creation. */
    public ContainerMetadata withCreatedAt(Instant newCreatedAt) {
        return new ContainerMetadata(
                name, image, labels, environment, publishedPorts, mounts, unit, Optional.of(newCreatedAt), logFile);
    }

    /** The same with its log. */
    public ContainerMetadata withLogFile(ContainerLogFile newLogFile) {
        return new ContainerMetadata(
                name, image, labels, environment, publishedPorts, mounts, unit, createdAt, Optional.of(newLogFile));
    }
}
