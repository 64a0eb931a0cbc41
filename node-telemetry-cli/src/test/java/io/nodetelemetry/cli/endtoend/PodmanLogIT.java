package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.PodmanEngine;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.RequiresPodman;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Podman's containers write to logs of its driver {@code k8s-file} is counted line by line. */
@RequiresKernel
@RequiresPodman
@ExtendWith(PodmanEngine.Provider.class)
class PodmanLogIT {
    private final PodmanEngine podman;

    PodmanLogIT(PodmanEngine podman) {
        this.podman = podman;
    }

    @AfterEach
    void removeContainers() {
        podman.podman("rm", "--all", "--force", "--time", "0");
    }

    private void write(AgentProcess agent, String name, LogLines lines, int count) {
        podman.start(name, List.of("--volume", LoadDriver.folder() + ":/load:ro"), lines.writer(count));
        assertCounted(agent, "/podman/" + name, lines.counts(STREAMS, count));
    }

    @Test
    void linesShortAndLong() {
        try (AgentProcess agent = AgentProcess.start("--podman-socket=" + podman.socket())) {
            write(agent, "short", MIXED, 20_000);
            write(agent, "long", MIXED.filledTo(40 * 1_024), 200);
        }
    }

    @Test
    void containerThatIsStartedAgain() {
        try (AgentProcess agent = AgentProcess.start("--podman-socket=" + podman.socket())) {
            write(agent, "again", MIXED, 4_000);
            Eventually.within(Duration.ofSeconds(60), () -> podman.podman("start", "again"));

            assertCounted(agent, "/podman/again", MIXED.counts(STREAMS, 8_000));
        }
    }
}
