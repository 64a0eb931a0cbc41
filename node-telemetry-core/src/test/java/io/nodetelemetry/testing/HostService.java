package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        return start(path, List.of("sleep", "1000"));
    }

    /** The same with another program, which is in the cgroup from its first instruction on. */
    public static HostService start(String path, List<String> command) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path cgroup = (Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup")).resolve(path.substring(1));
        List<String> line = new ArrayList<>(
                List.of("sh", "-c", "echo $$ >\"$1\"; shift; exec \"$@\"", "-", cgroup + "/cgroup.procs"));
        line.addAll(command);
        try {
            Files.createDirectories(cgroup.resolveSibling(""));
            Files.createDirectory(cgroup);
            return new HostService(cgroup, new ProcessBuilder(line).inheritIO().start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process id; that of the program itself. */
    public long pid() {
        return process.pid();
    }

    /** Waits until its program ends by itself, and returns the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("a program in " + cgroup + " does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends the process and removes the cgroup, and the slice if nothing else is in it. */
    @Override
    public void close() {
        process.destroyForcibly();
        Eventually.within(Duration.ofSeconds(60), () -> {
            if (!cgroup.toFile().delete()) {
                throw new AssertionError(cgroup + " is still in use");
            }
        });
        // Refused if there is more in it.
        var _ = cgroup.resolveSibling("").toFile().delete();
    }
}
