package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static io.nodetelemetry.cli.endtoend.LogMessages.plus;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.ContainerdEngine;
import io.nodetelemetry.testing.Pod;
import io.nodetelemetry.testing.PodContainer;
import io.nodetelemetry.testing.RequiresContainerd;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pods' containers write to the logs of a real containerd is counted line by line, as a kubelet rotates them. */
@RequiresKernel
@RequiresContainerd
@ExtendWith(ContainerdEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodLogIT {
    // Writers stay when they have written: of those that end containerd does not always keep the last lines.
    private final ContainerdEngine containerd;
    private final AgentProcess agent;

    PodLogIT(ContainerdEngine containerd) {
        this.containerd = containerd;
        this.agent = AgentProcess.start("--cri-socket=" + containerd.socket());
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    /** The kubelet compresses all but the newest of the rotated ones; here each, while the container writes on. */
    @Test
    void logThatIsRotatedAndCompressed() {
        Pod pod = containerd.pod("logs", "rotated-0");
        PodContainer writer = pod.start("app", MIXED.writer(150_000, "-s", "-r", "15000"));
        // A kubelet looks every ten seconds what is to be rotated: not before anybody heard of the container.
        awaitSum(agent, pod.containerId("app"), 1);
        for (int i = 0; i < 6; i++) {
            LockSupport.parkNanos(400_000_000);
            agent.awaitOpen(writer.log());
            Path rotated = writer.rotateLog("20261123-10111" + i);
            Command.run(List.of("gzip", rotated.toString())).succeeded();
        }

        assertCounted(agent, pod.containerId("app"), MIXED.counts(STREAMS, 150_000));
    }

    /** containerd cuts lines into pieces of 16 KiB. */
    @Test
    void longLinesAreOneMessageEach() {
        LogLines longOnes = MIXED.filledTo(40 * 1_024);
        Pod pod = containerd.pod("logs", "long-0");
        pod.start("app", longOnes.writer(400, "-s"));

        assertCounted(agent, pod.containerId("app"), longOnes.counts(STREAMS, 400));
    }

    @Test
    void bothStreamsOfTwoContainers() {
        Pod pod = containerd.pod("logs", "pair-0");
        pod.start("one", MIXED.writer(20_000, "-s"));
        pod.start("other", "/load/logwriter", "-s", "12000", "2>ERROR cannot reach peer %d", "INFO reached peer %d");

        assertCounted(
                agent,
                Map.of(
                        pod.containerId("one"),
                        MIXED.counts(STREAMS, 20_000),
                        pod.containerId("other"),
                        Map.of(
                                new LogMessages.Row(STREAMS, "error", LogLines.hash("ERROR cannot reach peer 0")),
                                6_000L,
                                new LogMessages.Row(STREAMS, "info", ""),
                                6_000L)));
    }

    /** The next attempt of a container writes to another file, and counts on. */
    @Test
    void containerThatIsKilledAndStartedAgain() throws IOException {
        Pod pod = containerd.pod("logs", "killed-0");
        String id = pod.containerId("app");
        PodContainer first = pod.start("app", MIXED.writer(10_000_000, "-r", "10000"));
        awaitSum(agent, id, 5_000);
        first.stop();
        first.awaitEnd();
        pod.start("app", MIXED.writer(7_001, "-s"));

        assertCounted(agent, id, plus(logged(first), MIXED.counts(STREAMS, 7_001)));
    }

    private static Map<LogMessages.Row, Long> logged(PodContainer container) throws IOException {
        assertThat(Files.size(container.log())).isPositive();
        try (var lines = Files.lines(container.log())) {
            // Time, stream and tag come before what the container wrote.
            return MIXED.counts(STREAMS, lines.map(line -> line.split(" ", 4)[3]));
        }
    }

    /** Files that were there when the agent starts are read from their end. */
    @Test
    void podThatRanBeforeTheAgent() {
        Pod pod = containerd.pod("logs", "older-0");
        PodContainer older = pod.start("app", "sh", "-c", MIXED.shell(800) + "; sleep 1000");
        older.awaitOutput("lease of shard 99");
        try (AgentProcess later = AgentProcess.start("--cri-socket=" + containerd.socket());
                AgentProcess all = AgentProcess.start("--cri-socket=" + containerd.socket(), "--logs-from-beginning")) {
            assertCounted(all, pod.containerId("app"), MIXED.counts(STREAMS, 800));
            assertThat(LogMessages.of(later.scrape(), pod.containerId("app"))).isEmpty();
        }
    }
}
