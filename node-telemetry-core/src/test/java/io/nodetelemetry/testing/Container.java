package io.nodetelemetry.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A container of a {@link DockerEngine}, running or ended. */
public final class Container {
    private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(60);

    private final DockerEngine engine;
    private final String name;
    private final String id;

    Container(DockerEngine engine, String name, String id) {
        this.engine = engine;
        this.name = name;
        this.id = id;
    }

    /** The name it was started by, without a slash. */
    public String name() {
        return name;
    }

    /** The runtime's 64-digit id. */
    public String id() {
        return id;
    }

    /** Its IPv4 address in the first network it is in. */
    public String ip() {
        return inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}")
                .split(" ", 2)[0];
    }

    /** Its global IPv6 address in the first network it is in; empty in a network without IPv6. */
    public String ipv6() {
        return inspect("{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}} {{end}}")
                .split(" ", 2)[0];
    }

    /** The host's process id of its first process. */
    public long pid() {
        return Long.parseLong(inspect("{{.State.Pid}}"));
    }

    /** Runs a program in it, which has to end with exit code 0, and returns its standard output. */
    public String exec(String... command) {
        List<String> line = new ArrayList<>(List.of("exec", name));
        line.addAll(List.of(command));
        return engine.docker(line).succeeded().out();
    }

    /** All it wrote so far, standard error included. */
    public String output() {
        Command logs = engine.docker(List.of("logs", name)).succeeded();
        return logs.out() + logs.err();
    }

    /** Waits until its output contains a text. */
    public Container awaitOutput(String text) {
        Eventually.within(OUTPUT_LIMIT, () -> {
            String output = output();
            if (!output.contains(text)) {
                throw new AssertionError(name + " has not written '" + text + "': " + output);
            }
        });
        return this;
    }

    /** Sends a signal, such as {@code USR1}, to its first process. */
    public void signal(String signal) {
        engine.docker(List.of("kill", "--signal", signal, name)).succeeded();
    }

    /** Waits until it ends by itself, and returns its exit code. */
    public int awaitExit() {
        return Integer.parseInt(
                engine.docker(List.of("wait", name)).succeeded().out().strip());
    }

    /** Kills and removes it. */
    public void remove() {
        engine.docker(List.of("rm", "--force", "--volumes", name)).succeeded();
    }

    private String inspect(String format) {
        return engine.docker(List.of("inspect", "--format", format, name))
                .succeeded()
                .out()
                .strip();
    }
}
