package io.nodetelemetry.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs of {@link LoadDriver} in a host of a {@link TestNetwork} and in a cgroup of their own, which makes them a
 * container without a runtime: what {@code docker run} takes half a second for is done in milliseconds. For one thread.
 */
public final class Workload implements AutoCloseable {
    private final TestHost host;
    private final TestCgroup cgroup;
    private final List<Process> running = new ArrayList<>();

    /** Nothing runs yet. */
    public Workload(String name, TestHost host) {
        this.host = host;
        this.cgroup = TestCgroup.create(name);
    }

    /** What it is called as a container. */
    public String id() {
        return cgroup.path();
    }

    /** Starts a program, such as {@code tcpserver 8080}, and waits until it says that it is ready. */
    public Process start(String command) {
        try {
            Process process = cgroup.start(host.inside(LoadDriver.folder() + "/" + command));
            running.add(process);
            String line = line(process);
            if (!line.startsWith("ready")) {
                throw new AssertionError(command + " said " + line);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes an empty line to a program and waits for the one that it answers. */
    public static void prompt(Process process) {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            line(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Process process) throws IOException {
        // Not buffered: what is read ahead would be lost for the next reader.
        StringBuilder line = new StringBuilder();
        for (int next = process.getInputStream().read();
                next != '\n';
                next = process.getInputStream().read()) {
            if (next < 0) {
                throw new AssertionError("ended after saying '" + line + "'");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** Ends a program by the end of its input, and waits for it. */
    public void end(Process process) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("did not end with its input");
            }
            running.remove(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Kills a program and waits until it is gone, with all of its connections. */
    public void kill(Process process) {
        try {
            process.destroyForcibly().waitFor();
            running.remove(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Starts a program whose output is read later by {@link #result}. */
    public Process begin(String command) {
        try {
            Process process = cgroup.start(host.inside(LoadDriver.folder() + "/" + command));
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of a program and returns the {@code key=value} pairs with numbers that it wrote. */
    public Map<String, Long> result(Process process) {
        Map<String, Long> pairs = new LinkedHashMap<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().flatMap(line -> List.of(line.split(" ", -1)).stream()).forEach(word -> {
                String[] pair = word.split("=", 2);
                if (pair.length == 2 && pair[1].matches("\\d+")) {
                    pairs.put(pair[0], Long.parseLong(pair[1]));
                }
            });
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        running.remove(process);
        return pairs;
    }

    /** Runs a program to its end and returns the {@code key=value} pairs with numbers that it wrote. */
    public Map<String, Long> run(String command) {
        return result(begin(command));
    }

    /** Ends all that still runs, at once. */
    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
        // What those left behind that ended by themselves.
        cgroup.kill();
        cgroup.close();
    }
}
