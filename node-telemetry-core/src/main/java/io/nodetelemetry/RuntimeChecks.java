package io.nodetelemetry;

import io.nodetelemetry.internal.doctor.Host;
import io.nodetelemetry.internal.runtime.CriClient;
import io.nodetelemetry.internal.runtime.SystemdClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which runtimes are examined, and how. */
final class RuntimeChecks {
    private static final Duration LIMIT = Duration.ofMillis(600);

    private RuntimeChecks() {}

    static List<Host.Service> all(NodeTelemetryConfig.RuntimeSockets sockets) {
        return List.of(cri(sockets), systemd(sockets));
    }

    private static Host.Service cri(NodeTelemetryConfig.RuntimeSockets sockets) {
        return new Host.Service(
                "containerd, CRI-O",
                "names and images of pods' containers, and of nerdctl's",
                "--cri-socket",
                "see that it runs and that we may connect to its socket: systemctl status containerd crio",
                () -> answering(CriClient.of(sockets.cri(), LIMIT)));
    }

    private static Optional<String> answering(List<CriClient> runtimes) throws IOException {
        List<String> found = new ArrayList<>();
        for (CriClient runtime : runtimes) {
            runtime.version().ifPresent(found::add);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
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
