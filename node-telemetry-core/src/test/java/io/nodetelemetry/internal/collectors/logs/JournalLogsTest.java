package io.nodetelemetry.internal.collectors.logs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.journal.JournalReader;
import io.nodetelemetry.internal.source.journal.JournalSettings;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a journal that journald wrote. */
class JournalLogsTest {
    private static final ContainerKey WEB = new ContainerKey(ContainerRuntime.SYSTEMD, "/system.slice/web.service");
    private static final ContainerKey DB = new ContainerKey(ContainerRuntime.SYSTEMD, "/system.slice/db.service");
    private static final ContainerKey DOCKER = new ContainerKey(ContainerRuntime.DOCKER, "c0ffee" + "0".repeat(58));

    @TempDir
    Path root;

    private long now;
    private LogsState state = state(1_000);

    private LogsState state(int linesPerSecond) {
        return LogsState.of(
                new LogsCollector.Config(true, true, true, LogLevel.WARNING, 100, 1_000, 100, linesPerSecond),
                () -> Instant.EPOCH,
                () -> now);
    }

    @BeforeEach
    void copyJournal() throws IOException {
        Path directory = Files.createDirectories(root.resolve("run/log/journal/" + "0123456789abcdef".repeat(2)));
        try (InputStream in = new GZIPInputStream(
                requireNonNull(JournalLogsTest.class.getResourceAsStream("/journal/zstd-compact.journal.gz")))) {
            Files.write(directory.resolve("system.journal"), in.readAllBytes());
        }
    }

    private static LogPlan plan(ContainerKey... keys) {
        return new LogPlan(
                Stream.of(keys)
                        .map(key -> new LogPlan.Member(
                                key,
                                Optional.of(new ContainerId(
                                        "/" + key.runtime() + "/" + key.id().substring(1, 5))),
                                new LogPlan.Begin(Beginning.END, Optional.empty()),
                                false,
                                Optional.empty()))
                        .toList(),
                List.of(),
                Set.of());
    }

    private JournalLogs read() {
        JournalLogs logs = new JournalLogs(state);
        JournalSettings settings = JournalSettings.below(List.of(root), Path.of("/proc"), true);
        try (JournalReader reader = JournalReader.open(settings)) {
            while (reader.read(logs)) {
                // The whole journal.
            }
        }
        return logs;
    }

    private Map<String, Long> counts() {
        state.openLogs().look(now);
        now += OpenLogs.SILENCE_NANOS;
        state.openLogs().look(now);
        Map<String, Long> counts = new TreeMap<>();
        MetricTable table = state.ledger().tables().getFirst();
        for (int row = 0; row < table.size(); row++) {
            assertThat(table.labels(row).get(4)).isEqualTo("journald");
            counts.merge(table.labels(row).get(0) + " " + table.labels(row).get(1), table.longValue(0, row), Long::sum);
        }
        return counts;
    }

    @Test
    void entriesCountForTheServiceWhoseProcessWroteThemAtTheirPriority() {
        state.ledger().apply(plan(WEB));
        read();

        assertThat(counts())
                .isEqualTo(Map.of(
                        "/SYSTEMD/syst critical", 2L,
                        "/SYSTEMD/syst error", 2L,
                        "/SYSTEMD/syst info", 1L,
                        "/SYSTEMD/syst unknown", 1L,
                        "/SYSTEMD/syst warning", 1L));
    }

    @Test
    void outputOfAContainerIsItsOwnAndItsPartsAreOneLineWhosePriorityIsNone() {
        state.ledger().apply(plan(DOCKER));
        read();

        assertThat(counts()).isEqualTo(Map.of("/DOCKER/0ffe unknown", 1L));
    }

    @Test
    void whatIsKnownLaterIsCountedAlready() {
        JournalLogs logs = read();
        assertThat(counts()).isEmpty();

        state.ledger().apply(plan(DB));
        logs.containersChanged();
        assertThat(counts().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(63);
    }

    @Test
    void whatIsCountedAndWhatIsSkippedIsWhatWasWritten() {
        state = state(2);
        state.ledger().apply(plan(DB));
        read();

        assertThat(counts().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(20);
        assertThat(state.ledger().tables().get(1).longValue(0, 0)).isEqualTo(43);
    }

    @Test
    void whoseOutputItIsIsTheWordOfItsWriterAndOneInAContainerSpeaksForItselfAlone() {
        String other = "a".repeat(64);
        String docker = "/system.slice/docker.service";
        assertThat(JournalLogs.key(Optional.of(other), docker))
                .hasValue(new ContainerKey(ContainerRuntime.DOCKER, other));
        assertThat(JournalLogs.key(Optional.of(other), "/system.slice/docker-" + DOCKER.id() + ".scope"))
                .hasValue(DOCKER);
        assertThat(JournalLogs.key(Optional.of(other), "/machine.slice/libpod-conmon-" + other + ".scope"))
                .hasValue(new ContainerKey(ContainerRuntime.PODMAN, other));
        assertThat(JournalLogs.key(Optional.of("no id"), docker))
                .hasValue(new ContainerKey(ContainerRuntime.SYSTEMD, docker));
        assertThat(JournalLogs.key(Optional.empty(), docker))
                .hasValue(new ContainerKey(ContainerRuntime.SYSTEMD, docker));
    }

    @Test
    void entryThatCannotBeCountedHarmsNoOther() {
        // No sample can be made that short.
        state = LogsState.of(
                new LogsCollector.Config(true, true, true, LogLevel.WARNING, 100, 1_000, -1, 1_000),
                () -> Instant.EPOCH,
                () -> now);
        state.ledger().apply(plan(WEB));
        read();

        assertThat(counts()).isEqualTo(Map.of("/SYSTEMD/syst info", 1L, "/SYSTEMD/syst unknown", 1L));
        // Those of services that no plan names yet among them.
        assertThat(state.drops().counts().get("fault")).isGreaterThan(5L);
    }

    @Test
    void hiddenServicesAreNotCounted() {
        state.ledger().apply(new LogPlan(List.of(), List.of(), Set.of(WEB, DB, DOCKER)));
        read();
        state.ledger().apply(plan(WEB, DB, DOCKER));
        assertThat(counts()).isEmpty();
    }
}
