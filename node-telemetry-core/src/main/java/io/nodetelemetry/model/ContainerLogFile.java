package io.nodetelemetry.model;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The file in which a runtime keeps what a container writes to its standard streams.
 *
 * @param path absolute, as the runtime sees the host's files
 * @param format how its lines are written
 */
public record ContainerLogFile(Path path, Format format) {
    /** How lines are written. */
    public enum Format {
        /** Docker's {@code json-file}: an object of JSON per line. */
        DOCKER_JSON,
        /** Kubernetes' Container Runtime Interface: time, stream, tag and text. Podman's {@code k8s-file} as well. */
        CRI
    }

    public ContainerLogFile {
        Objects.requireNonNull(format, "format");
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("a log's path must be absolute: " + path);
        }
    }
}
