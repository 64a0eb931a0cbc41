package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HostService;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files under {@code /var/log} that containers and services write, whoever rotates them. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VarLogIT {
    private static final String FILE = "/var/log/app.log";

    private final DockerEngine docker;
    private final AgentProcess agent;

    @TempDir
    private Path folder = Path.of("");

    VarLogIT(DockerEngine docker) {
        this.docker = docker;
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    /** On the container's own file system, where no path of the host's leads. */
    @Test
    void fileThatOnlyTheContainerSees() {
        docker.start(
                "varlog-private", shell("mkdir -p /var/log", MIXED.writer(20_000, "-a", FILE, "-r", "20000", "-s")));

        assertCounted(agent, "/docker/varlog-private", MIXED.counts(FILE, 20_000));
    }

    private static String[] shell(String before, String... command) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", before + "; exec \"$@\"", "-"));
        line.addAll(List.of(command));
        return line.toArray(String[]::new);
    }

    /** By a real logrotate on the host, which compresses each file at once. */
    @ParameterizedTest
    @ValueSource(strings = {"create", "copytruncate"})
    void fileInAVolumeThatLogrotateRotates(String mode) throws IOException {
        String name = "varlog-" + mode;
        Path logs = Files.createDirectory(folder.resolve(name));
        Container writer = docker.start(
                name, List.of("--volume", logs + ":/var/log"), MIXED.writer(24_000, "-a", FILE, "-r", "4000", "-s"));
        Logrotate logrotate = new Logrotate(logs.resolve("app.log"), mode, writer.pid());
        // What is written by then is rotated for the first time.
        awaitSum(agent, "/docker/" + name, 1);
        for (int i = 0; i < 6; i++) {
            LockSupport.parkNanos(500_000_000);
            agent.awaitOpen(logs.resolve("app.log"));
            logrotate.run();
        }

        assertCounted(agent, "/docker/" + name, MIXED.counts(FILE, 24_000));
        assertThat(logs.resolve("app.log.6.gz")).exists();
    }

    /** logrotate on one log. What it would lose itself between copying a file and emptying it is not written. */
    private static final class Logrotate {
        private final Path configuration;
        private final Path state;
        private final boolean copies;
        private final long writer;

        Logrotate(Path log, String mode, long writer) throws IOException {
            this.writer = writer;
            copies = mode.equals("copytruncate");
            configuration = log.resolveSibling("logrotate.conf");
            state = log.resolveSibling("logrotate.state");
            // The writer has the time to open its new file before the old one is compressed, and the agent the copy.
            Files.writeString(
                    configuration,
                    String.format(
                            Locale.ROOT,
                            "%s {\n rotate 20\n compress\n %s\n postrotate\n  kill -%s %d; sleep %s\n endscript\n}\n",
                            log,
                            mode,
                            copies ? "0" : "HUP",
                            writer,
                            copies ? "1" : "0.2"));
        }

        void run() {
            if (copies) {
                signal("STOP");
            }
            Command.run(List.of("logrotate", "--force", "--state", state.toString(), configuration.toString()))
                    .succeeded();
            if (copies) {
                signal("CONT");
            }
        }

        private void signal(String name) {
            Command.run(List.of("kill", "-" + name, Long.toString(writer))).succeeded();
        }
    }

    /** A service that systemd would have given a /var/log of its own. */
    @Test
    void fileOfAServiceInItsOwnMountNamespace() throws IOException {
        Path logs = Files.createDirectory(folder.resolve("service"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$1\" /var/log; shift; exec \"$@\"",
                "-",
                logs.toString()));
        command.addAll(MIXED.hostWriter(16_000, "-a", FILE, "-r", "8000", "-s"));
        try (HostService service = HostService.start("/system.slice/nt-test-varlog.service", command)) {
            assertThat(service.pid()).isPositive();
            assertCounted(agent, "/system.slice/nt-test-varlog.service", MIXED.counts(FILE, 16_000));
        }
    }

    /** Two containers write to one file: the lines count once. */
    @Test
    void fileThatTwoContainersWrite() throws IOException {
        Path logs = Files.createDirectory(folder.resolve("shared"));
        List<String> volume = List.of("--volume", logs + ":/var/log");
        docker.start("varlog-shared-1", volume, MIXED.writer(8_000, "-a", FILE, "-r", "4000", "-s"));
        docker.start("varlog-shared-2", volume, MIXED.writer(8_000, "-a", FILE, "-r", "4000", "-s"));

        awaitShared(16_000);
    }

    private void awaitShared(long lines) {
        Eventually.within(
                Connects.SOON,
                () -> assertThat(LogMessages.sum(agent.scrape(), "/docker/varlog-shared-1")
                                + LogMessages.sum(agent.scrape(), "/docker/varlog-shared-2"))
                        .isEqualTo(lines));
    }
}
