package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.ContainerdEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.Pod;
import io.nodetelemetry.testing.PodContainer;
import io.nodetelemetry.testing.RequiresContainerd;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs that cannot be read for a while, and what is no log in the place of one: other logs go on, and so do these. */
@RequiresKernel
@RequiresContainerd
@ExtendWith(ContainerdEngine.Provider.class)
class LogTroubleIT {
    private static final String DROPS = "node_telemetry_drops_total";

    private final ContainerdEngine containerd;

    LogTroubleIT(ContainerdEngine containerd) {
        this.containerd = containerd;
    }

    private AgentProcess agent(String... flags) {
        return AgentProcess.start(
                List.of(flags).isEmpty()
                        ? new String[] {"--cri-socket=" + containerd.socket()}
                        : new String[] {"--cri-socket=" + containerd.socket(), flags[0]});
    }

    /** The runtime writes on to the file that it has open, and then to a new one. */
    @Test
    void directoryOrPipeInThePlaceOfALog() throws IOException {
        Pod pod = containerd.pod("logs", "replaced-0");
        Pod other = containerd.pod("logs", "unharmed-0");
        try (AgentProcess agent = agent()) {
            PodContainer writer = pod.start("app", writeTwice(12_000, 800));
            awaitSum(agent, pod.containerId("app"), 1_000);

            Path log = writer.log();
            Files.move(log, log.resolveSibling("0.log.1"));
            Files.createDirectory(log);
            LockSupport.parkNanos(1_000_000_000);
            Files.delete(log);
            Command.run(List.of("mkfifo", log.toString())).succeeded();
            other.start("app", MIXED.writer(5_000, "-s"));
            assertCounted(agent, other.containerId("app"), MIXED.counts(STREAMS, 5_000));
            Files.delete(log);
            writer.reopenLog();
            writer.exec("touch", "/tmp/go");
            Eventually.within(
                    Connects.SOON, () -> assertThat(Files.readAllLines(log)).hasSize(800));

            assertCounted(
                    agent,
                    pod.containerId("app"),
                    LogMessages.plus(MIXED.counts(STREAMS, 12_000), MIXED.counts(STREAMS, 800)));
            assertThat(agent.scrape().sum(DROPS, "source", "logs")).isPositive();
        }
    }

    /** Writes again when there is a file. */
    private static String[] writeTwice(int first, int second) {
        return new String[] {
            "sh",
            "-c",
            MIXED.shell(first) + "; while [ ! -e /tmp/go ]; do sleep 0.1; done; " + MIXED.shell(second) + "; sleep 1000"
        };
    }

    /** Of an agent that may not read whatever it likes. */
    @Test
    void logThatMayNotBeReadForAWhile() throws IOException {
        Pod pod = containerd.pod("logs", "forbidden-0");
        PodContainer writer = pod.start("app", "sh", "-c", MIXED.shell(800) + "; sleep 1000");
        writer.awaitOutput("lease of shard 99");
        Files.setPosixFilePermissions(writer.log(), PosixFilePermissions.fromString("---------"));
        try (AgentProcess agent = AgentProcess.startBy(
                List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"),
                "--cri-socket=" + containerd.socket(),
                "--logs-from-beginning")) {
            Pod other = containerd.pod("logs", "allowed-0");
            other.start("app", MIXED.writer(5_000, "-s"));
            assertCounted(agent, other.containerId("app"), MIXED.counts(STREAMS, 5_000));
            assertThat(LogMessages.sum(agent.scrape(), pod.containerId("app"))).isZero();
            assertThat(agent.scrape().sum(DROPS, "source", "logs")).isPositive();

            Files.setPosixFilePermissions(writer.log(), PosixFilePermissions.fromString("rw-r-----"));

            assertCounted(agent, pod.containerId("app"), MIXED.counts(STREAMS, 800));
        }
    }

    /** Of an agent that gets no watch: in a user namespace of its own, as the limits of that are its own too. */
    @Test
    void logsThatTheKernelTellsNothingOf() throws IOException {
        Pod pod = containerd.pod("logs", "unwatched-0");
        try (AgentProcess agent = AgentProcess.startBy(
                List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "sh",
                        "-c",
                        "echo 0 >/proc/sys/user/max_inotify_watches && exec \"$@\"",
                        "-"),
                "--cri-socket=" + containerd.socket())) {
            PodContainer writer = pod.start("app", writeTwice(2_000, 800));
            awaitSum(agent, pod.containerId("app"), 1_000);
            writer.rotateLog("20261123-101112");
            writer.exec("touch", "/tmp/go");

            assertCounted(
                    agent,
                    pod.containerId("app"),
                    LogMessages.plus(MIXED.counts(STREAMS, 2_000), MIXED.counts(STREAMS, 800)));
            assertThat(agent.scrape().series("node_telemetry_collector_up", "collector", "logs"))
                    .singleElement()
                    .satisfies(series -> assertThat(series.labels().get("reason"))
                            .contains("ENOSPC", "looked at once a second", "fs.inotify.max_user_watches"));
        }
    }

    /** What a crash or a disk's fault leaves: zeros, half a line, no text, a line without an end. */
    @Test
    void linesThatAreNone() throws IOException {
        Pod pod = containerd.pod("logs", "garbage-0");
        try (AgentProcess agent = agent()) {
            PodContainer writer = pod.start("app", MIXED.writer(1_000, "-s"));
            assertCounted(agent, pod.containerId("app"), MIXED.counts(STREAMS, 1_000));

            byte[] garbage = new byte[300_000];
            for (int i = 100_000; i < garbage.length; i++) {
                garbage[i] = (byte) ((i * 31) >> 3);
            }
            append(writer.log(), garbage);
            append(
                    writer.log(),
                    "\n2026-11-23T10:11:12Z stdo\n{\"log\":\"half\n\n \n".getBytes(StandardCharsets.UTF_8));
            append(
                    writer.log(),
                    "2026-11-23T10:11:12.123456789Z stderr F ERROR cannot write block 5 to disk 3\n"
                            .getBytes(StandardCharsets.UTF_8));

            assertCounted(
                    agent,
                    pod.containerId("app"),
                    LogMessages.plus(MIXED.counts(STREAMS, 1_000), MIXED.counts(STREAMS, 1)));
            assertThat(agent.scrape().sum(DROPS, "source", "logs")).isPositive();
        }
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }
}
