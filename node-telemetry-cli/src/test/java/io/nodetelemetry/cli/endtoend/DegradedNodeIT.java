package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is missing or broken around the agent costs what depends on it, and nothing else. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class DegradedNodeIT {
    /** Beyond the time that a container's metrics wait for its name. */
    private static final Duration UNNAMED = Duration.ofSeconds(60);

    @Test
    void withoutADockerSocketContainersGoByTheirPath(DockerEngine docker, @TempDir Path folder) {
        try (AgentProcess agent = AgentProcess.start("--docker-socket=" + folder.resolve("absent.sock"))) {
            assertConnectsAreReportedUnnamed(docker, agent, "nosocket");
        }
    }

    @Test
    void aDockerSocketThatAnswersGarbageCostsTheNamesAlone(DockerEngine docker, @TempDir Path folder)
            throws IOException {
        Path path = folder.resolve("garbage.sock");
        try (ServerSocketChannel socket = listen(path)) {
            Thread.ofVirtual().start(() -> answer(socket, "\u0000\u0001 nonsense\r\n\r\n{{{"));
            try (AgentProcess agent = AgentProcess.start("--docker-socket=" + path)) {
                assertConnectsAreReportedUnnamed(docker, agent, "garbage");
            }
        }
    }

    @Test
    void aDockerSocketThatNeverAnswersCostsTheNamesAlone(DockerEngine docker, @TempDir Path folder) throws IOException {
        Path path = folder.resolve("hanging.sock");
        // Connections wait in the backlog for ever.
        try (ServerSocketChannel socket = listen(path);
                AgentProcess agent = AgentProcess.start("--docker-socket=" + path)) {
            assertThat(socket.isOpen()).isTrue();
            assertConnectsAreReportedUnnamed(docker, agent, "hanging");
            assertThat(agent.terminate(AgentProcess.PROMPTLY)).isZero();
        }
    }

    @Test
    void withoutACgroupTreeTheNodeIsStillReported(@TempDir Path folder) {
        try (AgentProcess agent = AgentProcess.start("--cgroupfs-root=" + folder.resolve("absent"))) {
            assertThat(agent.scrape().series("node_info")).hasSize(1);
            assertNoStackTrace(agent);
        }
    }

    @Test
    void aReadOnlyCgroupTreeIsEnough(DockerEngine docker, @TempDir Path folder) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path cgroup2 = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        Command.run(List.of("mount", "-o", "bind,ro", cgroup2.toString(), folder.toString()))
                .succeeded();
        try (AgentProcess agent = Connects.agentBeside(docker, "--cgroupfs-root=" + folder)) {
            Container server =
                    docker.start("readonly-server", "/load/tcpserver", "8080").awaitOutput("ready");
            docker.run("readonly-client", "/load/tcpclient", "connect", server.ip(), "8080", "10", "1");

            Connects.assertSoon(agent, SUCCESSFUL, "readonly-client", server.ip() + ":8080", 10);
            assertNoStackTrace(agent);
        } finally {
            Command.run(List.of("umount", folder.toString())).succeeded();
        }
    }

    @Test
    void aTakenPortEndsTheStartWithItsRemedy() {
        try (AgentProcess first = AgentProcess.start();
                AgentProcess second = AgentProcess.launch(Map.of(), "--listen=" + first.address())) {
            assertThat(second.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
            assertThat(second.err()).contains(first.address()).contains("taken");
            assertNoStackTrace(second);
        }
    }

    @Test
    void terminationEndsItInTime() {
        try (AgentProcess agent = AgentProcess.start()) {
            assertThat(agent.terminate(AgentProcess.PROMPTLY)).isZero();
            assertNoStackTrace(agent);
        }
    }

    private static void assertConnectsAreReportedUnnamed(DockerEngine docker, AgentProcess agent, String prefix) {
        Container server =
                docker.start(prefix + "-server", "/load/tcpserver", "8080").awaitOutput("ready");
        Container client = docker.start(
                prefix + "-client",
                "sh",
                "-c",
                "/load/tcpclient connect " + server.ip() + " 8080 10 1; exec sleep 1000");

        Eventually.within(UNNAMED, () -> {
            var scrape = agent.scrape();
            double counted = scrape.series(SUCCESSFUL, "destination", server.ip() + ":8080").stream()
                    .filter(series -> series.labels()
                            .getOrDefault("container_id", "")
                            .contains(client.id().substring(0, 12)))
                    .mapToDouble(series -> scrape.samples().getOrDefault(series, 0.0))
                    .sum();
            assertThat(counted).as("connects of %s", client.id()).isEqualTo(10);
        });
        assertNoStackTrace(agent);
    }

    private static void assertNoStackTrace(AgentProcess agent) {
        assertThat(agent.err()).doesNotContain("\tat ").doesNotContain("Exception in thread");
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
        return socket;
    }

    private static void answer(ServerSocketChannel socket, String text) {
        while (socket.isOpen()) {
            try (SocketChannel connection = socket.accept()) {
                connection.read(ByteBuffer.allocate(4096));
                connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException e) {
                if (!socket.isOpen()) {
                    return;
                }
            }
        }
    }
}
