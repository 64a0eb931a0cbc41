package io.nodetelemetry;

import io.nodetelemetry.internal.doctor.Host;
import io.nodetelemetry.internal.runtime.SystemdClient;
import java.time.Duration;
import java.util.List;

/** Which runtimes are examined, and how. */
final class RuntimeChecks {
    private static final Duration LIMIT = Duration.ofMillis(600);

    private RuntimeChecks() {}

    static List<Host.Service> all(NodeTelemetryConfig.RuntimeSockets sockets) {
        return List.of(systemd(sockets));
    }

    private static Host.Service systemd(NodeTelemetryConfig.RuntimeSockets sockets) {
        SystemdClient client = new SystemdClient(sockets.systemd(), LIMIT, System::nanoTime);
        return new Host.Service(
                "systemd",
                "types and triggers of systemd's units",
                "--systemd-socket",
                "run as root; in a container share the host's pid namespace and mount /run/systemd, or mount /run/dbus",
                client::version);
    }
}
