package io.nodetelemetry.internal.source.procfs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's name. Source: {@code /proc/sys/kernel/hostname} (proc_sys_kernel(5)), which is that of the reader's UTS
 * namespace: the container's name in a container, unless it shares the host's.
 */
public final class Hostname {
    private Hostname() {}

    /** Empty if the file cannot be read; {@code (none)} is what the kernel says before one is set. */
    public static Optional<String> read(Path procRoot) {
        return ProcFiles.line(procRoot.resolve("sys/kernel/hostname")).filter(name -> !name.equals("(none)"));
    }
}
