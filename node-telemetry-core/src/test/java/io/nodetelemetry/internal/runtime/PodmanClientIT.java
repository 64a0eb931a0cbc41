package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.PodmanEngine;
import io.nodetelemetry.testing.RequiresPodman;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a real Podman says of its containers, by its API service and by its files. */
@RequiresPodman
@ExtendWith(PodmanEngine.Provider.class)
class PodmanClientIT {
    private final PodmanEngine podman;
    private final PodmanClient service;
    private final PodmanClient files;

    PodmanClientIT(PodmanEngine podman) {
        this.podman = podman;
        service = client(Optional.of(podman.socket()), Path.of("/nonexistent"));
        files = client(Optional.empty(), podman.root());
    }

    private static PodmanClient client(Optional<Path> socket, Path root) {
        return new PodmanClient(socket, List.of(root), Duration.ofSeconds(20), System::nanoTime);
    }

    @Test
    void bothTellNameImageMountsAndEnvironment(@TempDir Path data) throws IOException {
        Instant before = Instant.now();
        String id = podman.start(
                "inspect-1",
                List.of("--label", "app=demo", "--env", "NOMAD_TASK_NAME=t", "--volume", data + ":/data:ro"),
                "sleep",
                "1000");
        ContainerMetadata expected = ContainerMetadata.EMPTY
                .withCreatedAt(before)
                .withName("inspect-1")
                .withImage(PodmanEngine.IMAGE)
                .withEnvironment(Map.of("NOMAD_TASK_NAME", "t"))
                .withMounts(List.of(new ContainerMount(data.toString(), "/data")));

        for (PodmanClient client : List.of(files, service)) {
            ContainerMetadata found = client.inspect(id).orElseThrow();
            assertThat(found.createdAt().orElseThrow()).isBetween(before, Instant.now());
            ContainerMetadata logged = expected.withLogFile(log(client, id));
            assertThat(found.withCreatedAt(before))
                    .isEqualTo(client.equals(files) ? logged : logged.withLabels(Map.of("app", "demo")));
        }
    }

    /** The service knows the path as the machine has it, the files as it is below what they take for its root. */
    private ContainerLogFile log(PodmanClient client, String id) {
        Path file = Path.of(podman.podman("inspect", "--format", "{{.HostConfig.LogConfig.Path}}", id));
        Path seen = client.equals(files) ? Path.of("/").resolve(podman.root().relativize(file)) : file;
        return new ContainerLogFile(seen, ContainerLogFile.Format.CRI);
    }

    @Test
    void logThatGoesToNoFileIsNone() throws IOException {
        String id = podman.start("silent-1", List.of("--log-driver", "none"), "sleep", "1000");

        for (PodmanClient client : List.of(service, files)) {
            assertThat(client.inspect(id).orElseThrow().logFile()).isEmpty();
        }
    }

    @Test
    void logThatGoesElsewhereIsToldByTheService(@TempDir Path elsewhere) throws IOException {
        Path file = elsewhere.resolve("own.log");
        String id = podman.start(
                "logging-1", List.of("--log-opt", "path=" + file), "sh", "-c", "echo said; exec sleep 1000");

        assertThat(service.inspect(id).orElseThrow().logFile())
                .contains(new ContainerLogFile(file, ContainerLogFile.Format.CRI));
        Eventually.within(
                Duration.ofSeconds(60), () -> assertThat(file).content().endsWith(" stdout F said\n"));
        assertThat(files.inspect(id).orElseThrow().logFile()).isEmpty();
    }

    @Test
    void infraContainerOfAPodIsASandboxAndItsMemberIsNot() throws IOException {
        podman.podman(
                "pod",
                "create",
                "--name",
                "pod-1",
                "--infra-image",
                PodmanEngine.IMAGE,
                "--infra-command",
                "/bin/sleep 1000");
        String member = podman.start("member-1", List.of("--pod", "pod-1"), "sleep", "1000");
        String infra = podman.podman("pod", "inspect", "--format", "{{.InfraContainerID}}", "pod-1");

        for (PodmanClient client : List.of(service, files)) {
            assertThat(client.inspect(infra).orElseThrow().labels()).containsKey(KubernetesLabels.POD);
            assertThat(client.inspect(member).orElseThrow().labels()).doesNotContainKey(KubernetesLabels.POD);
            assertThat(client.inspect(member).orElseThrow().name()).isEqualTo("member-1");
        }
    }

    @Test
    void containerThatIsRemovedIsGoneAndOneThatComesIsFound() throws IOException {
        String first = podman.start("coming-1", List.of("--rm"), "sleep", "1000");
        assertThat(files.inspect(first)).map(ContainerMetadata::name).contains("coming-1");

        podman.podman("rm", "--force", "--time", "0", "coming-1");
        String second = podman.start("coming-2", List.of(), "sleep", "1000");

        for (PodmanClient client : List.of(service, files)) {
            assertThat(client.inspect(first)).isEmpty();
            assertThat(client.inspect(second)).map(ContainerMetadata::name).contains("coming-2");
        }
    }

    @Test
    void versionIsTheClientsOwn() throws IOException {
        assertThat(service.version()).contains(podman.podman("--version").replace(" version", ""));
        assertThat(files.version()).contains(podman.root().resolve("srv/containers") + ", no service");
    }

    @Test
    void neitherServiceNorFilesIsAbsence(@TempDir Path empty) {
        assertThatThrownBy(() -> client(Optional.empty(), empty).inspect("a".repeat(64)))
                .isInstanceOf(RuntimeAbsentException.class);
    }
}
