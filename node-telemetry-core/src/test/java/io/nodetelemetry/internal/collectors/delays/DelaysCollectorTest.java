package io.nodetelemetry.internal.collectors.delays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DelaysCollectorTest {
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final CgroupPath WEB_PATH = new CgroupPath("/system.slice/web.service");

    @TempDir
    private Path proc;

    private final FakeDelays source = new FakeDelays();
    private final ContainerRegistry registry = new ContainerRegistry(
            InstantSource.system(), ContainerLimits.of(64, Duration.ofSeconds(3), Duration.ofMinutes(10)));

    private DelaysCollector collector(boolean enable, DelaysCollector.Opener... openers) {
        return new DelaysCollector(List.of(openers), registry, Duration.ofSeconds(5), enable);
    }

    private CollectorContext context() {
        return new CollectorContext(InstantSource.system(), proc, Path.of("/sys"), Path.of("/sys/fs/cgroup"));
    }

    private static List<String> rows(List<MetricTable> tables) {
        List<String> rows = new ArrayList<>();
        for (MetricTable table : tables) {
            for (int row = 0; row < table.size(); row++) {
                for (int family = 0; family < table.families().size(); family++) {
                    if (table.isPresent(family, row)) {
                        rows.add(table.families().get(family).name() + table.labels(row) + " "
                                + table.doubleValue(family, row));
                    }
                }
            }
        }
        return rows;
    }

    private Path accounting(String value) throws IOException {
        Path file = Files.createDirectories(proc.resolve("sys/kernel")).resolve("task_delayacct");
        return Files.writeString(file, value);
    }

    @Test
    void secondsByContainerWithTheWayAndTheSwitch() throws Exception {
        accounting("1\n");
        registry.cgroupCreated(WEB, WEB_PATH);
        source.living.put(WEB, new TaskDelays(1_500_000_000, 250_000_000, 2, 0));
        DelaysCollector collector = collector(false, context -> source);
        collector.start(context());

        assertThat(rows(collector.collect()))
                .containsExactly(
                        "container_resources_cpu_delay[/system.slice/web.service] 1.5",
                        "container_resources_disk_delay[/system.slice/web.service] 0.25",
                        "node_telemetry_delay_source_info[fake] 1.0",
                        "node_telemetry_delay_accounting_enabled[] 1.0");
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(collector.drops()).containsEntry("impossible_growth", 0L).containsEntry("lost", 3L);
    }

    @Test
    void withoutBlockAccountingInTheKernelThereIsNoDiskDelay() throws Exception {
        registry.cgroupCreated(WEB, WEB_PATH);
        source.living.put(WEB, new TaskDelays(1_500_000_000, 0, 2, 0));
        source.blockDelays = false;
        DelaysCollector collector = collector(false, context -> source);
        collector.start(context());

        assertThat(rows(collector.collect()))
                .containsExactly(
                        "container_resources_cpu_delay[/system.slice/web.service] 1.5",
                        "node_telemetry_delay_source_info[fake] 1.0");
    }

    @Test
    void theNextWayIsTakenWhenTheBestDoesNotWork() throws Exception {
        DelaysCollector collector = collector(
                false,
                context -> {
                    throw new CollectorUnavailableException("no BTF");
                },
                context -> source);

        collector.start(context());

        assertThat(rows(collector.collect())).containsExactly("node_telemetry_delay_source_info[fake] 1.0");
        collector.close();
        assertThat(source.closed).isTrue();
        assertThatThrownBy(collector::collect).isInstanceOf(CollectorUnavailableException.class);
    }

    @Test
    void withoutAnyWayTheReasonsAreTold() {
        DelaysCollector collector = collector(
                false,
                context -> {
                    throw new CollectorUnavailableException("no BTF");
                },
                context -> {
                    throw new CollectorUnavailableException("no taskstats");
                });

        assertThatThrownBy(() -> collector.start(context()))
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("no BTF; no taskstats");
    }

    @Test
    void theSwitchIsLeftAloneUnlessItIsAskedFor() throws Exception {
        Path file = accounting("0\n");
        DelaysCollector collector = collector(false, context -> source);

        collector.start(context());

        assertThat(file).content().isEqualTo("0\n");
        assertThat(rows(collector.collect())).contains("node_telemetry_delay_accounting_enabled[] 0.0");
    }

    @Test
    void theSwitchIsTurnedOnIfAskedFor() throws Exception {
        Path file = accounting("0\n");
        DelaysCollector collector = collector(true, context -> source);

        collector.start(context());

        assertThat(file).content().isEqualTo("1\n");
        assertThat(rows(collector.collect())).contains("node_telemetry_delay_accounting_enabled[] 1.0");
    }

    @Test
    void aKernelWithoutTheSwitchGetsNone() throws Exception {
        DelaysCollector collector = collector(true, context -> source);

        collector.start(context());

        assertThat(proc.resolve("sys/kernel/task_delayacct")).doesNotExist();
        assertThat(rows(collector.collect())).containsExactly("node_telemetry_delay_source_info[fake] 1.0");
    }
}
