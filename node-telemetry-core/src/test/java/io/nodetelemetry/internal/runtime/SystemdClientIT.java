package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.UnitProperties;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresSystemd;
import io.nodetelemetry.testing.SystemdContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real systemd says of its units. */
@RequiresSystemd
@ExtendWith(DockerEngine.Provider.class)
class SystemdClientIT {
    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final String SLEEP = "[Service]\nExecStart=/bin/sleep 1000\n";
    private static final Map<String, String> UNITS = Map.of(
            "it-simple.service",
            SLEEP,
            "it-exec.service",
            "[Service]\nType=exec\nExecStart=/bin/sleep 1000\n",
            "it-notify.service",
            "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c '/usr/bin/systemd-notify --ready; exec sleep 1000'\n",
            "it-oneshot.service",
            "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
            "it-dash\\x2dx.service",
            SLEEP,
            "memory.service",
            SLEEP,
            "it-job.service",
            SLEEP,
            "it-job.timer",
            "[Timer]\nOnCalendar=yearly\n");

    private static Optional<ContainerMetadata> unit(String type, String triggeredBy) {
        return Optional.of(ContainerMetadata.EMPTY.withUnit(new UnitProperties(type, triggeredBy)));
    }

    private static SystemdClient of(SystemdContainer systemd) {
        return new SystemdClient(Optional.of(systemd.bus()), List.of(), PATIENT, System::nanoTime);
    }

    @Test
    void unitsHaveTheirTypesAndTriggers(DockerEngine docker) throws IOException {
        SystemdContainer systemd = SystemdContainer.start(docker, "units", UNITS, List.of());
        SystemdClient client = of(systemd);

        assertThat(client.inspect("/system.slice/it-simple.service")).isEqualTo(unit("simple", ""));
        assertThat(client.inspect("/system.slice/it-exec.service")).isEqualTo(unit("exec", ""));
        assertThat(client.inspect("/system.slice/it-notify.service")).isEqualTo(unit("notify", ""));
        assertThat(client.inspect("/system.slice/it-oneshot.service")).isEqualTo(unit("oneshot", ""));
        assertThat(client.inspect("/system.slice/it-job.service")).isEqualTo(unit("simple", "it-job.timer"));
        assertThat(client.inspect("/system.slice/dbus.service")).isEqualTo(unit("notify", "dbus.socket"));
        assertThat(client.inspect("/system.slice/nosuch.service")).isEqualTo(unit("", ""));
        assertThat(client.inspect("/system.slice/dev-hugepages.mount")).isEqualTo(unit("", ""));
        assertThat(client.version().orElseThrow()).startsWith(systemd.bus() + ", systemd 2");

        Map<String, Optional<ContainerMetadata>> byCgroup = new TreeMap<>();
        for (String cgroup : cgroups(systemd)) {
            byCgroup.put(cgroup, client.inspect("/system.slice/" + cgroup));
        }
        assertThat(byCgroup)
                .containsEntry("it-dash\\x2dx.service", unit("simple", ""))
                .containsEntry("_memory.service", unit("simple", ""));

        // systemd takes its private socket from processes of its own pid namespace alone; the bus is then asked.
        SystemdClient byRoot = new SystemdClient(Optional.empty(), List.of(systemd.root()), PATIENT, System::nanoTime);
        assertThat(Files.exists(systemd.root().resolve("run/systemd/private"))).isTrue();
        assertThat(byRoot.inspect("/system.slice/it-job.service")).isEqualTo(unit("simple", "it-job.timer"));
        assertThat(byRoot.version().orElseThrow()).startsWith(systemd.bus().toString());
    }

    private static List<String> cgroups(SystemdContainer systemd) throws IOException {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path cgroup2 = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        String own = Files.readAllLines(Path.of("/proc/" + systemd.container().pid() + "/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow()
                .substring(4);
        try (Stream<Path> units = Files.list(cgroup2.resolve(own).resolveSibling("system.slice"))) {
            return units.filter(Files::isDirectory)
                    .map(unit -> unit.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void systemdThatHangsIsGivenUpAndAskedAgainLater(DockerEngine docker) throws IOException {
        SystemdContainer systemd =
                SystemdContainer.start(docker, "hanging", Map.of("it-simple.service", SLEEP), List.of());
        long[] later = {0};
        SystemdClient client = new SystemdClient(
                Optional.of(systemd.bus()),
                List.of(),
                SystemdClient.DEFAULT_TIMEOUT,
                () -> System.nanoTime() + later[0]);
        Path bus = systemd.bus();

        systemd.freeze();
        try {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.inspect("/system.slice/it-simple.service"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(bus + ": no complete answer within 1000 ms");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(999L, 60_000L);
        } finally {
            systemd.resume();
        }

        // At once, where it has a processor to itself.
        Eventually.within(PATIENT, () -> {
            later[0] += SystemdClient.PAUSE.toNanos();
            assertThat(client.inspect("/system.slice/it-simple.service")).isEqualTo(unit("simple", ""));
        });

        systemd.container().remove();
        assertThatThrownBy(() -> client.inspect("/system.slice/it-simple.service"))
                .isInstanceOf(IOException.class)
                .hasMessage("no socket at " + bus);
    }
}
