package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HostService;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.RequiresSystemd;
import io.nodetelemetry.testing.Scrape;
import io.nodetelemetry.testing.SystemdContainer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Units of systemd have the labels that systemd tells, and doctor says whether it does. */
@RequiresKernel
@RequiresSystemd
@ExtendWith(DockerEngine.Provider.class)
class UnitIT {
    private static final String INFO = "container_info";
    private static final Map<String, String> UNITS = Map.of(
            "nt-test-web.service", "[Service]\nType=exec\nExecStart=/bin/sleep 1000\n",
            "nt-test-job.service", "[Service]\nExecStart=/bin/sleep 1000\n",
            "nt-test-job.timer", "[Timer]\nOnCalendar=yearly\n");

    @Test
    void typeAndTriggerAreLabelsOfTheUnit(DockerEngine docker) {
        SystemdContainer systemd = SystemdContainer.start(docker, "unit-labels", UNITS, List.of());
        // The container's units lie in the container's cgroup; these are where those of the machine are.
        try (HostService before = HostService.start("/system.slice/nt-test-web.service");
                AgentProcess agent =
                        AgentProcess.start("--systemd-socket=" + systemd.bus(), "--docker-socket=" + docker.socket());
                HostService after = HostService.start("/system.slice/nt-test-job.service");
                HostService unknown = HostService.start("/system.slice/nt-test-nosuch.service")) {
            assertUnit(agent, "nt-test-web.service", "exec", "");
            assertUnit(agent, "nt-test-job.service", "simple", "nt-test-job.timer");
            assertUnit(agent, "nt-test-nosuch.service", "", "");
            assertThat(List.of(before, after, unknown)).hasSize(3);
        }
    }

    private static void assertUnit(AgentProcess agent, String unit, String type, String triggeredBy) {
        Eventually.within(
                Connects.SOON,
                () -> assertThat(agent.scrape().series(INFO, "container_id", "/system.slice/" + unit))
                        .containsExactly(new Scrape.Series(
                                INFO,
                                Map.of(
                                        "container_id",
                                        "/system.slice/" + unit,
                                        "image",
                                        "",
                                        "systemd_triggered_by",
                                        triggeredBy,
                                        "systemd_type",
                                        type,
                                        "machine_id",
                                        machineId(agent)))));
    }

    private static String machineId(AgentProcess agent) {
        return agent.scrape().series("node_info").getFirst().labels().getOrDefault("machine_id", "");
    }

    @Test
    void systemdIsAskedAtItsPrivateSocketByWhoLivesInItsPidNamespace(DockerEngine docker) {
        SystemdContainer systemd = SystemdContainer.start(docker, "unit-doctor", UNITS, AgentProcess.dockerOptions());

        String diagnoses =
                systemd.container().exec("sh", "-c", "/agent/bin/node-telemetry doctor --listen=none || true");

        assertThat(diagnoses
                        .lines()
                        .filter(line -> line.matches("\\S+ +systemd .*"))
                        .findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).startsWith("ok ").contains("/run/systemd/private, systemd 2"));
    }
}
