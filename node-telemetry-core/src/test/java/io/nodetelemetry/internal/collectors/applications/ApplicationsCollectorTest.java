package io.nodetelemetry.internal.collectors.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplicationsCollectorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ID = "/system.slice/web.service";

    @TempDir
    Path cgroups;

    @TempDir
    Path proc;

    private long nanos;
    private int turns;
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> NOW, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final ApplicationsCollector collector = new ApplicationsCollector(registry, () -> nanos);

    @BeforeEach
    void start() throws Exception {
        Files.createFile(cgroups.resolve("cgroup.controllers"));
        collector.start(new CollectorContext(() -> NOW, proc, Path.of("/sys"), cgroups));
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private CgroupRef unit(String path, String processes) throws IOException {
        Path directory = Files.createDirectories(cgroups.resolve(path));
        Files.writeString(directory.resolve("cgroup.procs"), processes);
        CgroupRef ref = new CgroupRef(0, ((Number) Files.getAttribute(directory, "unix:ino")).longValue());
        registry.cgroupCreated(ref, new CgroupPath("/" + path));
        assertThat(registry.containerOf(ref)).isPresent();
        return ref;
    }

    private void process(int pid, String line) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(directory.resolve("cmdline"), line.replace(' ', '\0'));
    }

    private Map<String, List<String>> types() throws CollectorUnavailableException {
        MetricTable table = collector.collect().getFirst();
        Map<String, List<String>> rows = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            assertThat(table.longValue(0, i)).isEqualTo(1);
            rows.computeIfAbsent(table.labels(i).get(1), key -> new ArrayList<>())
                    .add(table.labels(i).get(0));
        }
        return rows;
    }

    private void become(Map<String, List<String>> expected) {
        Eventually.within(Duration.ofSeconds(60), () -> assertThat(types()).isEqualTo(expected));
    }

    @Test
    void eachTypeIsOneRow() throws Exception {
        process(7, "sh start");
        process(8, "redis-server 1");
        process(9, "redis-server");
        process(10, "sleep 1");
        process(11, "");
        unit("system.slice/web.service", "7\n8\n9\n10\n11\n12\n");

        become(Map.of(ID, List.of("redis")));
        process(7, "nginx: master");
        nanos += Duration.ofSeconds(10).toNanos();

        become(Map.of(ID, List.of("nginx", "redis")));
    }

    @Test
    void scriptThatBecomesAServerIsNoticedSoon() throws Exception {
        process(7, "/bin/sh /entrypoint.sh");
        process(8, "redis-server");
        unit("system.slice/web.service", "7\n8\n");
        // The other one tells that the script has been looked at.
        become(Map.of(ID, List.of("redis")));
        process(7, "/usr/sbin/mysqld");

        nanos += Duration.ofMillis(500).toNanos();

        become(Map.of(ID, List.of("mysql", "redis")));
    }

    /** Ten seconds later; returns once all looks are done that are due: process 8, read last, is another one each time. */
    private void nextTurn(String settled) throws Exception {
        turns++;
        String other = turns % 2 == 0 ? "memcached" : "redis-server";
        process(8, other);
        nanos += Duration.ofSeconds(10).toNanos();
        String type = turns % 2 == 0 ? "memcached" : "redis";
        Eventually.within(
                Duration.ofSeconds(60), () -> assertThat(types().get(ID)).contains(type));
        assertThat(types().get(ID)).hasSize(2).contains(settled);
    }

    @Test
    void processThatHasSettledIsReadOnceAMinute() throws Exception {
        process(7, "/usr/sbin/mysqld");
        process(8, "memcached");
        unit("system.slice/web.service", "7\n8\n");
        become(Map.of(ID, List.of("memcached", "mysql")));
        for (int i = 0; i < 12; i++) {
            nextTurn("mysql");
        }
        process(7, "/usr/sbin/nginx");

        // Read first, then for a minute, which ended 60 s ago, and 50 s after that.
        for (int i = 0; i < 4; i++) {
            nextTurn("mysql");
        }
        nextTurn("nginx");
    }

    @Test
    void processThatIsGoneAndContainerThatEndedHaveNoRow() throws Exception {
        process(7, "memcached");
        CgroupRef ref = unit("system.slice/web.service", "7\n");
        become(Map.of(ID, List.of("memcached")));

        unit("system.slice/web.service", "");
        nanos += Duration.ofSeconds(10).toNanos();
        become(Map.of());

        unit("system.slice/web.service", "7\n");
        nanos += Duration.ofSeconds(10).toNanos();
        become(Map.of(ID, List.of("memcached")));
        registry.cgroupRemoved(ref);
        assertThat(types()).isEmpty();
    }

    @Test
    void hiddenContainersAreLeftAlone() throws Exception {
        process(7, "memcached");
        unit("docker/" + "a".repeat(64), "7\n");

        assertThat(types()).isEmpty();
    }

    @Test
    void thoseBeyondTheBoundAreCounted() throws Exception {
        for (int pid = 1; pid <= 100; pid++) {
            process(pid, pid <= 64 ? "sleep" : "redis-server");
        }
        unit(
                "system.slice/web.service",
                IntStream.rangeClosed(1, 100).mapToObj(Integer::toString).collect(Collectors.joining("\n")) + "\n");
        for (int i = 0; i < 5; i++) {
            collector.collect();
            nanos += Duration.ofSeconds(10).toNanos();
        }

        assertThat(types()).isEmpty();
        assertThat(collector.drops()).isEqualTo(Map.of("processes", 36L, "looks", 0L, "overdue_looks", 0L));
    }

    @Test
    void labelsOfARowStayTheSameObject() throws Exception {
        process(7, "memcached");
        unit("system.slice/web.service", "7\n");
        become(Map.of(ID, List.of("memcached")));

        assertThat(collector.collect().getFirst().labels(0))
                .isSameAs(collector.collect().getFirst().labels(0));
    }

    @Test
    void lookThatHangsHoldsUpNobodyElse() throws Exception {
        ProcessReader reader = new ProcessReader(proc, Duration.ofMillis(100));
        try (reader) {
            Files.createDirectories(proc.resolve("1"));
            // Nobody writes to it: opening it waits for ever, as a process does whose memory is locked.
            assertThat(new ProcessBuilder("mkfifo", proc.resolve("1/cmdline").toString())
                            .start()
                            .waitFor())
                    .isZero();
            process(2, "memcached");
            List<ProcessReader.Look> looks = new ArrayList<>();
            assertThat(reader.request(new ProcessReader.Request(1, 0, looks::add)))
                    .isTrue();
            assertThat(reader.request(new ProcessReader.Request(2, 0, looks::add)))
                    .isTrue();

            Eventually.within(Duration.ofSeconds(60), () -> {
                reader.drain();
                assertThat(looks).extracting(ProcessReader.Look::type).containsExactly(Optional.of("memcached"));
            });

            assertThat(reader.overdue()).isEqualTo(1);
            // Lets the thread go.
            Files.writeString(proc.resolve("1/cmdline"), "");
        }
    }

    @Test
    void withoutACgroupTreeItIsOff(@TempDir Path empty) {
        ApplicationsCollector other = new ApplicationsCollector(registry, () -> nanos);

        assertThatThrownBy(() -> other.start(new CollectorContext(() -> NOW, proc, Path.of("/sys"), empty)))
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining(empty.toString());
    }
}
