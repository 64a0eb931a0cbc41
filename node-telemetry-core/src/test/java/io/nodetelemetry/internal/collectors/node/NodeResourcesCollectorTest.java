package io.nodetelemetry.internal.collectors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeResourcesCollectorTest {
    private static final Path CAPTURED = Path.of("src/test/resources/procfs/node");
    private static final Path GOLDEN = Path.of("src/test/resources/collectors/node/resources.txt");

    @TempDir
    private Path procRoot = Path.of("");

    private final NodeResourcesCollector collector = new NodeResourcesCollector();

    private void start(Path root) throws CollectorUnavailableException {
        collector.start(new CollectorContext(InstantSource.system(), root, root, root));
    }

    private void copyCaptured() throws IOException {
        Files.createDirectories(procRoot.resolve("pressure"));
        try (Stream<Path> files = Files.walk(CAPTURED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, procRoot.resolve(CAPTURED.relativize(file)));
            }
        }
    }

    @Test
    void everythingOfACapturedMachine() throws Exception {
        start(CAPTURED);

        List<MetricTable> tables = collector.collect();

        assertThat(ExpositionText.of(tables)).isEqualTo(Files.readString(GOLDEN));
        assertThat(tables.stream().flatMap(table -> table.families().stream()))
                .containsExactlyInAnyOrderElementsOf(collector.families());
        assertThat(collector.interval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void fileThatIsGoneHidesItsOwnMetricsAlone() throws Exception {
        copyCaptured();
        start(procRoot);
        int all = ExpositionText.samples(collector.collect()).size();

        Files.delete(procRoot.resolve("stat"));
        assertThat(ExpositionText.samples(collector.collect()))
                .hasSize(all - 9)
                .noneMatch(line -> line.startsWith("node_resources_cpu_usage"))
                .noneMatch(line -> line.startsWith("node_resources_cpu_logical_cores"));

        Files.delete(procRoot.resolve("meminfo"));
        assertThat(ExpositionText.samples(collector.collect())).hasSize(all - 9 - 4);

        Files.delete(procRoot.resolve("diskstats"));
        assertThat(ExpositionText.samples(collector.collect())).hasSize(all - 9 - 4 - 7);

        Files.delete(procRoot.resolve("pressure/io"));
        Files.delete(procRoot.resolve("uptime"));
        assertThat(ExpositionText.samples(collector.collect()))
                .hasSize(4)
                .allMatch(line -> line.startsWith("node_resources_cpu_pressure_waiting_seconds_total{kind=")
                        || line.startsWith("node_resources_memory_pressure_waiting_seconds_total{kind="));
    }

    @Test
    void fileThatMakesNoSenseHidesItsOwnMetricsUntilItDoes() throws Exception {
        copyCaptured();
        start(procRoot);
        List<String> all = ExpositionText.samples(collector.collect());

        Files.writeString(procRoot.resolve("stat"), "nonsense\n");
        assertThat(ExpositionText.samples(collector.collect())).hasSize(all.size() - 9);
        assertThat(collector.degraded().orElseThrow())
                .startsWith("no node_resources_cpu_usage_seconds_total: ")
                .endsWith(procRoot + "/stat: no line 'cpu' with times");

        Files.copy(CAPTURED.resolve("stat"), procRoot.resolve("stat"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(ExpositionText.samples(collector.collect())).isEqualTo(all);
        assertThat(collector.degraded()).isEmpty();
    }

    @Test
    void valueThatTheKernelDoesNotTellIsNotZero() throws Exception {
        Files.writeString(procRoot.resolve("stat"), "cpu 100 0 0 200\ncpu0 100 0 0 200\n");
        Files.writeString(procRoot.resolve("meminfo"), "MemTotal: 2 kB\nMemFree: 1 kB\n");
        Files.createDirectories(procRoot.resolve("pressure"));
        Files.writeString(procRoot.resolve("pressure/cpu"), "some avg10=0.00 total=1500000\n");
        start(procRoot);

        assertThat(ExpositionText.samples(collector.collect()))
                .containsExactly(
                        "node_resources_cpu_logical_cores 1",
                        "node_resources_cpu_pressure_waiting_seconds_total{kind=\"some\"} 1.5",
                        "node_resources_cpu_usage_seconds_total{mode=\"user\"} 1.0",
                        "node_resources_cpu_usage_seconds_total{mode=\"nice\"} 0.0",
                        "node_resources_cpu_usage_seconds_total{mode=\"system\"} 0.0",
                        "node_resources_cpu_usage_seconds_total{mode=\"idle\"} 2.0",
                        "node_resources_memory_free_bytes 1024",
                        "node_resources_memory_total_bytes 2048");
    }

    @Test
    void idleTimeThatFallsByATickStandsStill() throws Exception {
        Files.writeString(procRoot.resolve("stat"), "cpu 0 0 0 200\n");
        start(procRoot);
        collector.collect();
        Files.writeString(procRoot.resolve("stat"), "cpu 100 0 0 199\n");

        assertThat(ExpositionText.samples(collector.collect()))
                .contains(
                        "node_resources_cpu_usage_seconds_total{mode=\"user\"} 1.0",
                        "node_resources_cpu_usage_seconds_total{mode=\"idle\"} 2.0");
    }

    @Test
    void labelsOfADiskAreKeptAsLongAsItIsThere() throws Exception {
        copyCaptured();
        start(procRoot);

        assertThat(disks(collector.collect()).labels(0))
                .isSameAs(disks(collector.collect()).labels(0));
    }

    private static MetricTable disks(List<MetricTable> tables) {
        return tables.stream()
                .filter(table -> table.keys().equals(List.of("device")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void disksBeyondTheCapacityAreCountedAsDropped() throws Exception {
        Files.writeString(procRoot.resolve("stat"), "cpu 1 1 1 1\n");
        StringBuilder rows = new StringBuilder();
        IntStream.range(0, 5_000).forEach(i -> rows.append(" 253 " + i + " dm-" + i + " 1 0 2 3 4 0 5 6 0 7 8\n"));
        Files.writeString(procRoot.resolve("diskstats"), rows);
        start(procRoot);

        assertThat(disks(collector.collect()).size()).isEqualTo(4_096);
        assertThat(collector.drops()).containsEntry("disks", 904L);
        collector.collect();
        assertThat(collector.drops()).containsEntry("disks", 1_808L);
    }

    @Test
    void absentProcfsIsAReasonWithARemedy() {
        assertThatThrownBy(() -> start(procRoot))
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("cannot read " + procRoot + "/stat nor " + procRoot
                        + "/meminfo; mount procfs there or set the proc root");
    }
}
