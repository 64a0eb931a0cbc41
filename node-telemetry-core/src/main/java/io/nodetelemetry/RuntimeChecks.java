package io.nodetelemetry;

import io.nodetelemetry.internal.doctor.Host;
import io.nodetelemetry.internal.runtime.CriClient;
import io.nodetelemetry.internal.runtime.PodmanClient;
import io.nodetelemetry.internal.runtime.SystemdClient;
import io.nodetelemetry.internal.source.journal.JournalSettings;
import io.nodetelemetry.internal.source.journal.ReadableJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which runtimes are examined, and how. */
final class RuntimeChecks {
    private static final Duration LIMIT = Duration.ofMillis(600);

    private RuntimeChecks() {}

    static List<Host.Service> all(NodeTelemetryConfig config) {
        return List.of(cri(config.containers().sockets()), podman(config), systemd(config), journal(config));
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

    private static Host.Service systemd(NodeTelemetryConfig config) {
        SystemdClient client = new SystemdClient(
                config.containers().sockets().systemd(), config.roots().host(), LIMIT, System::nanoTime);
        return new Host.Service(
                "systemd",
                "types and triggers of systemd's units",
                "--systemd-socket",
                "run as root; in a container share the host's pid namespace and mount /run/systemd, or mount /run/dbus",
                client::version);
    }

    private static Host.Service podman(NodeTelemetryConfig config) {
        PodmanClient client = new PodmanClient(
                config.containers().sockets().podman(), config.roots().host(), LIMIT, System::nanoTime);
        return new Host.Service(
                "podman",
                "names and images of Podman's containers",
                "--podman-socket",
                "see why its service does not answer: systemctl status podman.socket",
                client::version);
    }

    private static Host.Service journal(NodeTelemetryConfig config) {
        List<JournalSettings.Home> homes =
                config.roots().host().stream().map(JournalSettings.Home::below).toList();
        return new Host.Service(
                "journal",
                "logs of systemd's services, and of containers that log to it",
                "mount its /run/log/journal and /var/log/journal at the same place",
                "run as root",
                () -> ReadableJournal.find(homes).map(Path::toString));
    }
}
