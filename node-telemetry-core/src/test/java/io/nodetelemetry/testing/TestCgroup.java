package io.nodetelemetry.testing;

import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cgroup v2 of a test's own, without controllers. It lies deep, so that on hybrid hosts no v1 hierarchy that the test's
 * own process is in is deeper.
 */
public final class TestCgroup implements AutoCloseable {
    private static final List<String> LEVELS = List.of("a/b/c/d", "a/b/c", "a/b", "a", "");

    private final Path top;

    private TestCgroup(Path top) {
        this.top = top;
    }

    /** Makes it, under a name that is this process's. */
    public static TestCgroup create(String name) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path root = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        TestCgroup cgroup = new TestCgroup(root.resolve(
                "nodetelemetry-it-" + name + "-" + ProcessHandle.current().pid()));
        try {
            Files.createDirectories(cgroup.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cgroup;
    }

    /** Its directory. */
    public Path directory() {
        return top.resolve(LEVELS.getFirst());
    }

    /** How the kernel names it. */
    public CgroupRef ref() throws IOException {
        return new CgroupRef(0, (Long) Files.getAttribute(directory(), "unix:ino"));
    }

    /** Starts a shell, moves it here, and has it become the command. */
    public Process start(String command) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "read go; exec " + command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Files.writeString(directory().resolve("cgroup.procs"), Long.toString(shell.pid()));
        shell.getOutputStream().write('\n');
        shell.getOutputStream().flush();
        return shell;
    }

    /** Nanoseconds for which the first threads of these waited for a CPU, by {@code /proc/<pid>/schedstat}. */
    public static long runDelay(List<Process> processes) throws IOException {
        long sum = 0;
        for (Process process : processes) {
            String line = Files.readString(Path.of("/proc/" + process.pid() + "/schedstat"));
            sum += Long.parseLong(line.split(" ", -1)[1]);
        }
        return sum;
    }

    /** Removes it; waits for the last task to be gone for good. */
    @Override
    public void close() {
        for (String level : LEVELS) {
            Path each = top.resolve(level);
            Eventually.within(Duration.ofSeconds(5), () -> Files.deleteIfExists(each));
        }
    }
}
