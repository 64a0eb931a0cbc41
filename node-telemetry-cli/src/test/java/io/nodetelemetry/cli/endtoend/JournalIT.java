package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static io.nodetelemetry.model.LogLevel.CRITICAL;
import static io.nodetelemetry.model.LogLevel.DEBUG;
import static io.nodetelemetry.model.LogLevel.ERROR;
import static io.nodetelemetry.model.LogLevel.INFO;
import static io.nodetelemetry.model.LogLevel.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.HostService;
import io.nodetelemetry.testing.JournalDaemon;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.RequiresSystemd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What services write to a real journald is counted entry by entry, by whatever way it gets there. */
@RequiresKernel
@RequiresSystemd
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalIT {
    private static final String JOURNALD = "journald";

    /** What tells no level has that of the priority, which is 6 unless the writer says otherwise. */
    private static final LogLines MIXED = LogLines.MIXED.withDefault(INFO);

    /** Their levels stand in the priority alone, but for the last. */
    private static final LogLines PRIORITIES = new LogLines(
            new LogLines.Kind(CRITICAL, "<0>volume %d is gone"),
            new LogLines.Kind(CRITICAL, "<2>out of memory in shard %d"),
            new LogLines.Kind(ERROR, "<3>lease of shard %d was lost"),
            new LogLines.Kind(WARNING, "<4>queue has %d entries left"),
            new LogLines.Kind(INFO, "<5>peer %d joined"),
            new LogLines.Kind(INFO, "<6>served request %d"),
            new LogLines.Kind(DEBUG, "<7>looked up key %d"),
            new LogLines.Kind(ERROR, "<6>ERROR request %d was refused"));

    private final JournalDaemon journal = JournalDaemon.start();
    private final AgentProcess agent = agent();

    private AgentProcess agent(String... flags) {
        return AgentProcess.startBy(journal.entering(), flags);
    }

    @AfterAll
    void stop() {
        agent.close();
        journal.close();
    }

    private static String id(String unit) {
        return "/system.slice/" + unit;
    }

    private HostService nativeWriter(String unit, LogLines lines, int count, String... options) {
        List<String> all = new ArrayList<>(List.of("-j", journal.socket().toString()));
        all.addAll(List.of(options));
        return HostService.start(id(unit), lines.hostWriter(count, all.toArray(String[]::new)));
    }

    @Test
    void allWaysIntoAJournalThatIsRotated() {
        List<String> printing = new ArrayList<>(journal.entering());
        printing.add("systemd-cat");
        printing.addAll(MIXED.hostWriter(6_001, "-r", "3000"));
        try (HostService nativeOne = nativeWriter("nt-log-native.service", MIXED, 9_003, "-r", "4000");
                HostService syslog = HostService.start(
                        id("nt-log-syslog.service"),
                        MIXED.hostWriter(7_002, "-d", journal.syslogSocket().toString(), "-r", "3000"));
                HostService printed = HostService.start(id("nt-log-print.service"), printing)) {
            for (int i = 0; i < 4; i++) {
                journal.rotate();
            }
            assertThat(Stream.of(nativeOne, syslog, printed).map(HostService::awaitExit))
                    .containsOnly(0);
        }

        assertCounted(
                agent,
                Map.of(
                        id("nt-log-native.service"), MIXED.counts(JOURNALD, 9_003),
                        id("nt-log-syslog.service"), MIXED.counts(JOURNALD, 7_002),
                        id("nt-log-print.service"), MIXED.counts(JOURNALD, 6_001)));
    }

    @Test
    void prioritiesAreLevelsWhereTheTextHasNone() {
        try (HostService writer = nativeWriter("nt-log-priority.service", PRIORITIES, 1_600)) {
            assertThat(writer.awaitExit()).isZero();
        }

        assertCounted(agent, id("nt-log-priority.service"), PRIORITIES.counts(JOURNALD, 1_600));
    }

    /** What its sockets held when it was killed is gone: what counts is what its files have. */
    @Test
    void daemonThatIsKilled() {
        String unit = "nt-log-killed.service";
        try (HostService writer = nativeWriter(unit, MIXED, 12_000, "-r", "3000")) {
            for (int i = 1; i <= 2; i++) {
                awaitSum(agent, id(unit), i * 2_000L);
                journal.kill();
                journal.resume();
            }
            assertThat(writer.awaitExit()).isZero();
        }

        Map<LogMessages.Row, Long> written = MIXED.counts(JOURNALD, journal.messages(unit));
        assertThat(written.values().stream().mapToLong(Long::longValue).sum()).isBetween(11_000L, 12_000L);
        assertCounted(agent, id(unit), written);
    }

    /** The entries are copied from one folder to the other. */
    @Test
    void journalThatMovesToTheDisk() {
        String unit = "nt-log-flushed.service";
        try (JournalDaemon early = JournalDaemon.start();
                AgentProcess beside = AgentProcess.startBy(early.entering());
                HostService writer = HostService.start(
                        id(unit), MIXED.hostWriter(6_000, "-j", early.socket().toString(), "-r", "2000"))) {
            awaitSum(beside, id(unit), 1_000);
            early.flush();
            assertThat(writer.awaitExit()).isZero();

            assertThat(early.messages(unit)).hasSize(6_000);
            assertCounted(beside, id(unit), MIXED.counts(JOURNALD, 6_000));
        }
    }

    @Test
    void whatIsOlderThanTheAgentCountsIfThatIsWanted() {
        String unit = "nt-log-older.service";
        try (HostService writer = nativeWriter(unit, MIXED, 800, "-s")) {
            assertCounted(agent, id(unit), MIXED.counts(JOURNALD, 800));
            assertThat(writer.pid()).isPositive();
            try (AgentProcess later = agent();
                    AgentProcess all = agent("--logs-from-beginning")) {
                assertCounted(all, id(unit), MIXED.counts(JOURNALD, 800));
                assertThat(LogMessages.of(later.scrape(), id(unit))).isEmpty();
            }
        }
    }

    /** Docker's driver tells which container it was. Its priority is no level; long messages come in parts. */
    @Test
    void containersWhoseDriverIsJournald() {
        LogLines lines = LogLines.MIXED;
        LogLines longOnes = lines.filledTo(40 * 1_024);
        try (DockerEngine docker = DockerEngine.startBeside(journal);
                AgentProcess beside = agent("--docker-socket=" + docker.socket())) {
            docker.run("log-journal", List.of("--log-driver=journald"), lines.writer(8_000));
            docker.run("log-journal-long", List.of("--log-driver=journald"), longOnes.writer(100));

            assertCounted(
                    beside,
                    Map.of(
                            "/docker/log-journal", lines.counts(JOURNALD, 8_000),
                            "/docker/log-journal-long", longOnes.counts(JOURNALD, 100)));
        }
    }
}
