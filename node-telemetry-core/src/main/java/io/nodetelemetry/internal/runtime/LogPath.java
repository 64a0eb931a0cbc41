package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerLogFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The file that a runtime says it writes a container's log to. */
final class LogPath {
    /** As the kernel's PATH_MAX. */
    private static final int MAX_LENGTH = 4_096;

    /**
     * Drivers that write lines to the file that they name. The others have none, or one of their own make
     * ({@code local}). Podman calls {@code k8s-file} by either name.
     */
    private static final Set<String> DRIVERS = Set.of("json-file", "k8s-file");

    private LogPath() {}

    /**
     * What Docker's API says.
     *
     * @param driver {@code HostConfig.LogConfig.Type}
     * @param path {@code LogPath}
     * @param format of what this engine calls {@code json-file}
     */
    static Optional<ContainerLogFile> ofDriver(String driver, String path, ContainerLogFile.Format format) {
        return DRIVERS.contains(driver) ? of(path, format) : Optional.empty();
    }

    /** Empty if there is no path, or one that no file can have. */
    static Optional<ContainerLogFile> of(String path, ContainerLogFile.Format format) {
        if (!path.startsWith("/") || path.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ContainerLogFile(Path.of(path), format));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
