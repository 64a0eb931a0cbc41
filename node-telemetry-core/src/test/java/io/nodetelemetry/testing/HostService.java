package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process in a cgroup of cgroup2, where systemd would have put it if it had started it as a unit of this machine. */
public final class HostService implements AutoCloseable {
    private final Path cgroup;
    private final Process process;

    private HostService(Path cgroup, Process process) {
        this.cgroup = cgroup;
        this.process = process;
    }

    /**
     * Makes the cgroup and starts a process in it that sleeps.
     *
     * @param path such as {@code /system.slice/x.service}; must not exist
     */
    public static HostService start(String path) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path cgroup = (Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup")).resolve(path.substring(1));
        try {
            Files.createDirectories(cgroup.resolveSibling(""));
            Files.createDirectory(cgroup);
            Process process = new ProcessBuilder("sleep", "1000").start();
            Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
            return new HostService(cgroup, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process and removes the cgroup, and the slice if nothing else is in it. */
    @Override
    public void close() {
        process.destroyForcibly();
        Eventually.within(Duration.ofSeconds(10), () -> {
            if (!cgroup.toFile().delete()) {
                throw new AssertionError(cgroup + " is still in use");
            }
        });
        // Refused if there is more in it.
        var _ = cgroup.resolveSibling("").toFile().delete();
    }
}
