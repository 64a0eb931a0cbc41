package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What decides which mounts a process sees: processes of one view have the same {@link MountInfo}, which is long on hosts
 * with many containers and need not be read for each service of the host.
 *
 * @param namespace its mount namespace, as {@code /proc/<pid>/ns/mnt} names it (mount_namespaces(7))
 * @param rootDirectory its root directory in there; {@code /} but after chroot(2)
 */
public record MountView(String namespace, String rootDirectory) {
    /** The view of a process; empty if the process is gone or may not be asked. */
    public static Optional<MountView> of(Path procRoot, int pid) {
        Path process = procRoot.resolve(Integer.toString(pid));
        try {
            return Optional.of(new MountView(
                    Files.readSymbolicLink(process.resolve("ns/mnt")).toString(),
                    Files.readSymbolicLink(process.resolve("root")).toString()));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
