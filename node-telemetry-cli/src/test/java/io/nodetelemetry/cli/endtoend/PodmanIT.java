package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.PodmanEngine;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.RequiresPodman;
import io.nodetelemetry.testing.Scrape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Podman's containers appear by their names, before and after a restart, and those that hold pods do not. */
@RequiresKernel
@RequiresPodman
@ExtendWith(PodmanEngine.Provider.class)
class PodmanIT {
    private static final String INFO = "container_info";

    @Test
    void containersAreReportedByNameAndImage(PodmanEngine podman) {
        podman.start("web", List.of(), "sleep", "1000");
        try (AgentProcess agent = AgentProcess.start("--podman-socket=" + podman.socket())) {
            assertReported(agent, "web");

            podman.podman("restart", "--time", "0", "web");
            podman.start("shop", List.of(), "sleep", "1000");
            assertReported(agent, "web", "shop");

            podman.podman(
                    "pod",
                    "create",
                    "--name",
                    "pod",
                    "--infra-image",
                    PodmanEngine.IMAGE,
                    "--infra-command",
                    "/bin/sleep 1000");
            podman.start("member", List.of("--pod", "pod"), "sleep", "1000");
            assertReported(agent, "web", "shop", "member");

            assertThat(agent.scrape().text()).doesNotContain("-infra").doesNotContain("podman/" + id(podman));
        } finally {
            podman.podman("pod", "rm", "--all", "--force", "--time", "0");
            podman.podman("rm", "--all", "--force", "--time", "0");
        }
    }

    private static String id(PodmanEngine podman) {
        return podman.podman("inspect", "--format", "{{.Id}}", "web");
    }

    /** These and no others of Podman's, each with its image. */
    private static void assertReported(AgentProcess agent, String... names) {
        Map<String, String> expected = List.of(names).stream()
                .collect(Collectors.toMap(name -> "/podman/" + name, name -> PodmanEngine.IMAGE));
        Eventually.within(Duration.ofSeconds(60), () -> {
            Scrape scrape = agent.scrape();
            assertThat(scrape.series(INFO).stream()
                            .map(Scrape.Series::labels)
                            .filter(labels ->
                                    labels.getOrDefault("container_id", "").startsWith("/podman/"))
                            .collect(Collectors.toMap(
                                    labels -> labels.getOrDefault("container_id", ""),
                                    labels -> labels.getOrDefault("image", ""))))
                    .isEqualTo(expected);
        });
    }
}
