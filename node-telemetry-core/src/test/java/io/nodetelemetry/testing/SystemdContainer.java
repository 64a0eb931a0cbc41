package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real systemd, with a message bus, that is PID 1 of a Docker container: the machine's own programs on a read-only
 * {@code /usr}. Of the distribution's units only those start that ours need.
 */
public final class SystemdContainer {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final DockerEngine docker;
    private final Container container;

    private SystemdContainer(DockerEngine docker, Container container) {
        this.docker = docker;
        this.container = container;
    }

    /**
     * Starts it and waits until the bus and all units are active.
     *
     * @param units text by name; all of them are started
     * @param options of {@code docker run}
     */
    public static SystemdContainer start(
            DockerEngine docker, String name, Map<String, String> units, List<String> options) {
        List<String> all = new ArrayList<>(List.of("--cgroupns", "private", "--cap-add", "SYS_ADMIN"));
        all.addAll(List.of("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"));
        all.addAll(List.of(
                "--tmpfs", "/run:exec", "--tmpfs", "/tmp", "--tmpfs", "/run/lock", "--env", "container=docker"));
        all.addAll(List.of("--stop-signal", "SIGRTMIN+3", "--volume", folder(units) + ":/units:ro"));
        for (String file : List.of("/usr:/usr", "/usr/lib:/lib", "/usr/lib64:/lib64", "/etc/passwd", "/etc/group")) {
            String[] parts = file.split(":", 2);
            // Docker would make what is not there.
            if (Files.exists(Path.of(parts[0]))) {
                all.addAll(List.of("--volume", parts[0] + ':' + parts[parts.length - 1] + ":ro"));
            }
        }
        all.addAll(options);
        Container container = docker.start(name, all, "sh", "-c", """
                echo 0123456789abcdef0123456789abcdef >/etc/machine-id
                mkdir -p /etc/systemd/system
                cp /units/* /etc/systemd/system/
                for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
                  mount -o remount,rw,bind $hierarchy 2>/dev/null
                done
                exec /usr/lib/systemd/systemd --unit=test.target""");
        SystemdContainer started = new SystemdContainer(docker, container);
        Eventually.within(START_LIMIT, () -> {
            started.systemctl("is-active", "dbus.service");
            units.keySet().forEach(unit -> started.systemctl("is-active", unit));
        });
        return started;
    }

    private static Path folder(Map<String, String> units) {
        try {
            Path folder = Files.createTempDirectory("nt-units");
            units.forEach((name, text) -> write(folder.resolve(name), "[Unit]\nDefaultDependencies=no\n" + text));
            write(folder.resolve("test.target"), """
                    [Unit]
                    DefaultDependencies=no
                    AllowIsolate=yes
                    Requires=dbus.socket
                    After=dbus.socket
                    Wants=dbus.service %s
                    """.formatted(String.join(" ", units.keySet())));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where its root directory is seen from the machine. */
    public Path root() {
        return Path.of("/proc/" + container.pid() + "/root");
    }

    /** The socket of its bus, as seen from the machine. */
    public Path bus() {
        return root().resolve("run/dbus/system_bus_socket");
    }

    /** The container itself. */
    public Container container() {
        return container;
    }

    /** Runs systemctl in it, which has to end with exit code 0, and returns its standard output. */
    public String systemctl(String... arguments) {
        List<String> line = new ArrayList<>(List.of("/usr/bin/systemctl"));
        line.addAll(List.of(arguments));
        return container.exec(line.toArray(String[]::new)).strip();
    }

    /** Stops all of its processes where they are, until {@link #resume()}. */
    public void freeze() {
        docker.docker(List.of("pause", container.name())).succeeded();
    }

    /** Lets its processes go on. */
    public void resume() {
        docker.docker(List.of("unpause", container.name())).succeeded();
    }
}
