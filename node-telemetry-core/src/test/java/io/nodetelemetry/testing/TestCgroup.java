package io.nodetelemetry.testing;

import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A cgroup v2 of a test's own, without controllers. It lies deep, so that on hybrid hosts no v1 hierarchy that the test's
 * own process is in is deeper.
 */
public final class TestCgroup implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final List<String> LEVELS = List.of("a/b/c/d", "a/b/c", "a/b", "a", "");

    private final Path root;
    private final Path top;
    private @Nullable Path before;

    private TestCgroup(Path root, Path top) {
        this.root = root;
        this.top = top;
    }

    /** Makes it, under a name that is this process's and was not used before: a container's counts outlive it. */
    public static TestCgroup create(String name) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path root = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        String unique = name + "-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
        TestCgroup cgroup = new TestCgroup(root, root.resolve("nodetelemetry-it-" + unique));
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

    /** Its path in its hierarchy, such as {@code /nodetelemetry-it-x-1-1/a/b/c/d}: what it is called as a container. */
    public String path() {
        return "/" + root.relativize(directory());
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

    /**
     * Moves this process here until {@link #close()}, so that what it does is told from what others on the machine do:
     * they may be in the cgroup that it comes from.
     */
    public void enter() throws IOException {
        String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::/"))
                .findFirst()
                .orElseThrow()
                .substring("0::/".length());
        moveThisProcess(directory());
        before = root.resolve(own);
    }

    private static void moveThisProcess(Path cgroup) throws IOException {
        Files.writeString(
                cgroup.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    /** Ends all processes in it, at once. */
    public void kill() {
        try {
            for (String pid : Files.readAllLines(directory().resolve("cgroup.procs"))) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        if (before != null) {
            try {
                moveThisProcess(before);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (String level : LEVELS) {
            Path each = top.resolve(level);
            Eventually.within(Duration.ofSeconds(60), () -> Files.deleteIfExists(each));
        }
    }
}
