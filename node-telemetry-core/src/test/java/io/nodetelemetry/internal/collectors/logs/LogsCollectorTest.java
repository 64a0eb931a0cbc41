package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.LogPatterns;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.logfile.HostFiles;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The collector with its thread, on real files. */
class LogsCollectorTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final LogsCollector.Config CONFIG =
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 100, 100, 1_000_000);

    @TempDir
    Path directory;

    private final ContainerRegistry registry =
            new ContainerRegistry(Instant::now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ZERO));
    private final LogsCollector collector = collector(registry);

    private static LogsCollector collector(ContainerRegistry registry) {
        return new LogsCollector(
                CONFIG,
                registry,
                new HostFiles(List.of(Path.of("/"))),
                () -> {
                    throw new CollectorUnavailableException("not in this test");
                },
                Optional::empty);
    }

    private static String hex(int container) {
        return String.format("%064x", container);
    }

    private Path file(int container) {
        return directory.resolve(hex(container) + "-json.log");
    }

    private void begin(int container) {
        registry.cgroupCreated(new CgroupRef(0, container), new CgroupPath("/docker/" + hex(container)));
    }

    private void answer(int container, String name) {
        registry.metadata(
                new ContainerKey(ContainerRuntime.DOCKER, hex(container)),
                Optional.of(ContainerMetadata.EMPTY
                        .withName(name)
                        .withLogFile(new ContainerLogFile(file(container), ContainerLogFile.Format.DOCKER_JSON))));
    }

    private void start() throws Exception {
        collector.start(new CollectorContext(Instant::now, directory, directory, directory));
        collector.collect();
    }

    private void write(int container, String message, int times) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < times; i++) {
            lines.append("{\"log\":\"")
                    .append(message)
                    .append("\\n\",\"stream\":\"stdout\",\"time\":\"")
                    .append(Instant.now())
                    .append("\"}\n");
        }
        Files.writeString(file(container), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void rotate(int container, int generations) throws IOException {
        for (int i = generations; i >= 0; i--) {
            String name = file(container).getFileName() + (i == 0 ? "" : "." + i);
            Files.move(
                    directory.resolve(name), directory.resolve(file(container).getFileName() + "." + (i + 1)));
        }
    }

    private static String hash(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return new LogPatterns().hashOf(bytes, 0, bytes.length);
    }

    private Map<String, Long> counts() throws Exception {
        registry.tick();
        Map<String, Long> counts = new TreeMap<>();
        List<MetricTable> tables = collector.collect();
        if (!tables.isEmpty()) {
            MetricTable messages = tables.getFirst();
            for (int row = 0; row < messages.size(); row++) {
                counts.merge(
                        messages.labels(row).get(0) + " " + messages.labels(row).get(2),
                        messages.longValue(0, row),
                        Long::sum);
            }
        }
        return counts;
    }

    private void expect(Map<String, Long> counts) throws Exception {
        Eventually.within(SOON, () -> assertThat(counts()).isEqualTo(counts));
    }

    private static boolean runs() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("nodetelemetry-logs"));
    }

    @AfterEach
    void close() throws Exception {
        collector.close();
        Eventually.within(SOON, () -> assertThat(runs()).isFalse());
    }

    @Test
    void whatContainersWriteIsCountedWhileTheirLogsAreRotated() throws Exception {
        write(1, "ERROR before the start", 10);
        begin(1);
        answer(1, "old");
        start();
        begin(2);
        answer(2, "new");
        write(2, "ERROR disk 1 is full", 1_000);
        expect(Map.of("/docker/new " + hash("ERROR disk 1 is full"), 1_000L));

        for (int i = 0; i < 10; i++) {
            rotate(2, i);
            write(2, "ERROR disk " + i + " is full", 100);
            write(1, "WARN nearly full", 3);
        }
        expect(Map.of(
                "/docker/new " + hash("ERROR disk 1 is full"), 2_000L,
                "/docker/old " + hash("WARN nearly full"), 30L));
        assertThat(collector.drops()).containsEntry("undecodable_line", 0L).containsEntry("fault", 0L);
    }

    @Test
    void nameThatComesLateLosesNothingAndAnotherContainerOfItGoesOn() throws Exception {
        start();
        begin(1);
        write(1, "INFO begun", 5);
        assertThat(counts()).isEmpty();
        answer(1, "web");
        expect(Map.of("/docker/web ", 5L));

        begin(2);
        answer(2, "web");
        write(2, "INFO begun", 7);
        expect(Map.of("/docker/web ", 12L));
        registry.cgroupRemoved(new CgroupRef(0, 1));
        write(2, "INFO begun", 1);
        expect(Map.of("/docker/web ", 13L));
    }

    @Test
    void withoutTheFileItIsAwaited() throws Exception {
        start();
        begin(1);
        answer(1, "web");
        assertThat(counts()).isEmpty();
        Thread.sleep(1_500);
        write(1, "INFO begun", 5);
        expect(Map.of("/docker/web ", 5L));
    }
}
