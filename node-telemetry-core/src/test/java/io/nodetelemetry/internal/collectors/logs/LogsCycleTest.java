package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.LogPatterns;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogsCycleTest {
    private static final LogPlan.Begin START = new LogPlan.Begin(Beginning.START, Optional.empty());
    private static final LogsCollector.Config CONFIG =
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 2, 100, 100, 100);

    private final FakeTail tail = new FakeTail();
    private final FakeJournal journal = new FakeJournal();
    private final FakeNewLogs newLogs = new FakeNewLogs();
    private long now = 1_000_000_000L;
    private final LogsState state = LogsState.of(CONFIG, () -> Instant.ofEpochSecond(0, now), () -> now);
    private LogsCycle cycle = cycle(tail);
    private LogPlan plan = LogPlan.EMPTY;
    private LogsCycle.Published published = LogsCycle.Published.NOTHING;
    private int publications;

    private LogsCycle cycle(FakeTail on) {
        return new LogsCycle(
                new LogInputs(on, journal),
                state,
                new FollowedFiles(on, state, path -> Path.of("/host" + path), newLogs),
                () -> now);
    }

    private static LogPlan.Member member(String key, String id) {
        return member(key, id, START);
    }

    private static LogPlan.Member member(String key, String id, LogPlan.Begin begin) {
        return member(key, id, begin, false);
    }

    private static LogPlan.Member member(String key, String id, LogPlan.Begin begin, boolean ended) {
        return new LogPlan.Member(
                new ContainerKey(ContainerRuntime.CONTAINERD, key),
                Optional.of(id).filter(text -> !text.isEmpty()).map(ContainerId::new),
                begin,
                ended,
                Optional.of(new ContainerLogFile(Path.of("/pods/" + key + ".log"), ContainerLogFile.Format.CRI)));
    }

    private void plan(LogPlan.Member... members) throws IOException {
        plan = new LogPlan(List.of(members), List.of(), Set.of());
        step();
    }

    private void step() throws IOException {
        cycle.step(plan, counted -> {
            published = counted;
            publications++;
        });
    }

    private void pass(Duration time) throws IOException {
        now += time.toNanos();
        step();
    }

    /** Long enough for the last message to be complete and shown. */
    private void settle() throws IOException {
        step();
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
    }

    private static String out(String text) {
        return "2026-11-23T10:11:12.123456789Z stdout F " + text;
    }

    private static String err(String text) {
        return "2026-11-23T10:11:12.123456789Z stderr F " + text;
    }

    /** By container, level and the first letters of the hash; the sum over the messages table. */
    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        MetricTable table = published.tables().getFirst();
        for (int row = 0; row < table.size(); row++) {
            String hash = table.labels(row).get(2);
            String key = table.labels(row).get(0) + " " + table.labels(row).get(1)
                    + (hash.isEmpty() ? "" : " " + hash.substring(0, 4));
            assertThat(counts.put(key, table.longValue(0, row))).as(key).isNull();
        }
        return counts;
    }

    private Map<String, Long> skipped() {
        Map<String, Long> counts = new TreeMap<>();
        MetricTable table = published.tables().get(1);
        for (int row = 0; row < table.size(); row++) {
            counts.put(table.labels(row).get(0) + " " + table.labels(row).get(1), table.longValue(0, row));
        }
        return counts;
    }

    private static String hash(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return new LogPatterns().hashOf(bytes, 0, bytes.length).substring(0, 4);
    }

    @Test
    void messagesAreCountedByLevelAndPattern() throws IOException {
        plan(member("a", "/a"));
        assertThat(tail.log("a.log").where.toString()).contains("/host/pods/a.log");
        tail.write(
                "a.log",
                out("ERROR disk 1 is full"),
                err("INFO begun"),
                out("ERROR disk 2 is full"),
                err("WARN queue is long"),
                out("no level"));
        settle();

        assertThat(counts())
                .isEqualTo(Map.of(
                        "/a error " + hash("ERROR disk 1 is full"),
                        2L,
                        "/a warning " + hash("WARN queue is long"),
                        1L,
                        "/a info",
                        1L,
                        "/a unknown",
                        1L));
        MetricTable table = published.tables().getFirst();
        for (int row = 0; row < table.size(); row++) {
            assertThat(table.labels(row).get(4)).isEqualTo("stdout/stderr");
            if (table.labels(row).get(1).equals("error")) {
                assertThat(table.labels(row).get(3)).isEqualTo("ERROR disk 1 is full");
                assertThat(table.labels(row).get(2)).hasSize(32);
            }
        }
    }

    @Test
    void traceIsOneMessageThoughTheOtherStreamWritesBetween() throws IOException {
        plan(member("a", "/a"));
        tail.write(
                "a.log",
                err("ERROR failed: java.io.IOException: gone"),
                out("INFO one"),
                err("\tat com.example.A.a(A.java:1)"),
                out("INFO two"),
                err("\tat com.example.A.b(A.java:2)"));
        settle();

        assertThat(counts().values()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void lastMessageCountsWhenNothingFollowedForASecond() throws IOException {
        plan(member("a", "/a"));
        tail.write("a.log", out("INFO one"));
        step();
        pass(Duration.ofMillis(999));
        assertThat(counts()).isEmpty();
        pass(Duration.ofMillis(1));
        pass(Duration.ofMillis(999));
        assertThat(counts()).isEqualTo(Map.of("/a info", 1L));
    }

    @Test
    void itIsPublishedOnceASecondAndOnlyNewCountsMakeANewTable() throws IOException {
        plan(member("a", "/a"));
        settle();
        int before = publications;
        List<MetricTable> tables = published.tables();
        for (int i = 0; i < 50; i++) {
            pass(Duration.ofMillis(100));
        }
        assertThat(publications - before).isEqualTo(5);
        assertThat(published.tables()).isSameAs(tables);
        assertThat(tail.waited).isBetween(Duration.ofNanos(1), Duration.ofSeconds(1));

        tail.write("a.log", out("ERROR one"));
        settle();
        MetricTable first = published.tables().getFirst();
        tail.write("a.log", out("ERROR one"));
        settle();
        assertThat(published.tables().getFirst().labels(0)).isSameAs(first.labels(0));
        assertThat(published.tables().getFirst().longValue(0, 0)).isEqualTo(2);
    }

    @Test
    void whatWaitsForNothingWakesUpOnceASecond() throws IOException {
        plan(member("a", "/a"));
        settle();
        int before = journal.reads;
        Duration waited = Duration.ZERO;
        for (int i = 0; i < 60; i++) {
            waited = waited.plus(tail.waited);
            pass(tail.waited);
        }
        assertThat(waited).isEqualTo(Duration.ofSeconds(60));
        assertThat(journal.reads - before).isEqualTo(60);
    }

    @Test
    void containerWithoutAnIdIsCountedAndShownWhenItHasOne() throws IOException {
        plan(member("a", ""));
        tail.write("a.log", out("ERROR one"), out("INFO two"));
        settle();
        assertThat(counts()).isEmpty();

        plan(member("a", "/a"));
        tail.write("a.log", out("ERROR one"));
        settle();
        assertThat(counts()).isEqualTo(Map.of("/a error " + hash("ERROR one"), 2L, "/a info", 1L));
        assertThat(tail.logs).hasSize(1);
    }

    @Test
    void containersOfOneIdAreAddedUpAndTheHeirKeepsTheCounts() throws IOException {
        plan(member("a", "/web"), member("b", "/web"));
        tail.write("a.log", out("ERROR one"), out("INFO x"));
        tail.write("b.log", out("ERROR one"), out("ERROR two"));
        settle();
        Map<String, Long> both = counts();
        assertThat(both)
                .isEqualTo(Map.of(
                        "/web error " + hash("ERROR one"), 2L, "/web error " + hash("ERROR two"), 1L, "/web info", 1L));

        plan(member("b", "/web"));
        settle();
        assertThat(counts()).isEqualTo(both);
        assertThat(tail.logs.getFirst().closed).isTrue();

        plan();
        settle();
        assertThat(counts()).isEmpty();
        plan(member("c", "/web"));
        tail.write("c.log", out("ERROR one"));
        settle();
        assertThat(counts()).isEqualTo(Map.of("/web error " + hash("ERROR one"), 1L));
    }

    @Test
    void idThatChangesTakesTheCountsAlong() throws IOException {
        plan(member("a", "/docker/0123"));
        tail.write("a.log", out("ERROR one"));
        settle();
        plan(member("a", "/web"));
        settle();
        assertThat(counts()).isEqualTo(Map.of("/web error " + hash("ERROR one"), 1L));
    }

    @Test
    void patternsBeyondTheLimitCountAsOneWithAllSourcesTogether() throws IOException {
        plan(member("a", "/a"), member("b", "/a"), member("c", "/c"));
        for (String word : List.of("alpha", "beta", "gamma", "delta", "gamma")) {
            tail.write("a.log", out("ERROR " + word), out("WARN " + word));
            tail.write("b.log", out("ERROR " + word));
        }
        tail.write("c.log", out("ERROR gamma"));
        settle();

        assertThat(counts())
                .isEqualTo(Map.of(
                        "/a error " + hash("ERROR alpha"),
                        2L,
                        "/a error " + hash("ERROR beta"),
                        2L,
                        "/a error 0000",
                        6L,
                        "/a warning " + hash("WARN alpha"),
                        1L,
                        "/a warning " + hash("WARN beta"),
                        1L,
                        "/a warning 0000",
                        3L,
                        "/c error " + hash("ERROR gamma"),
                        1L));
        MetricTable table = published.tables().getFirst();
        for (int row = 0; row < table.size(); row++) {
            if (table.labels(row).get(2).startsWith("0000")) {
                assertThat(table.labels(row).get(2)).isEqualTo("0".repeat(32));
                assertThat(table.labels(row).get(3)).contains("more than are told apart");
            }
        }
    }

    @Test
    void whatIsCountedAndWhatIsSkippedIsWhatWasWritten() throws IOException {
        plan(member("a", "/a"), member("quiet", "/quiet"));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            lines.add(out("INFO line " + i));
        }
        tail.write("a.log", lines.toArray(String[]::new));
        tail.write("quiet.log", out("INFO one"));
        settle();

        assertThat(counts()).isEqualTo(Map.of("/a info", 1_000L, "/quiet info", 1L));
        assertThat(skipped()).isEqualTo(Map.of("/a stdout/stderr", 1_500L));
    }

    @Test
    void linesOfAnEarlierRunArePassedOverWithoutAWord() throws IOException {
        Instant since = Instant.parse("2026-11-23T10:11:00Z");
        for (int i = 0; i < 2_000; i++) {
            tail.existing.add("2026-11-23T10:10:59.999999999Z stdout F INFO earlier run");
        }
        tail.existing.add(out("INFO one"));
        tail.existing.add("2026-11-23T09:00:00Z stdout F INFO the clock was set back");
        plan(member("a", "/a", new LogPlan.Begin(Beginning.START, Optional.of(since))));
        settle();

        assertThat(counts()).isEqualTo(Map.of("/a info", 2L));
        assertThat(skipped()).isEmpty();
    }

    @Test
    void clockThatIsSetBackDoesNotHideWhatIsWrittenFromNowOn() throws IOException {
        Instant since = Instant.parse("2026-11-23T10:11:00Z");
        plan(member("a", "/a", new LogPlan.Begin(Beginning.START, Optional.of(since))));
        tail.write("a.log", "2026-11-23T09:00:00Z stdout F INFO one");
        settle();
        assertThat(counts()).isEqualTo(Map.of("/a info", 1L));
    }

    @Test
    void hiddenContainersAreNotRead() throws IOException {
        plan(member("a", ""));
        tail.write("a.log", out("INFO one"));
        plan = new LogPlan(List.of(), List.of(), Set.of(new ContainerKey(ContainerRuntime.CONTAINERD, "a")));
        settle();
        assertThat(tail.logs.getFirst().closed).isTrue();
        plan(member("a", "/a"));
        settle();
        assertThat(counts()).isEmpty();
    }

    @Test
    void whatIsNoLineOfItsFormatIsADropBesideThoseOfTheReader() throws IOException {
        plan(member("a", "/a"));
        tail.write("a.log", "\0\0\0", "half a li", out("INFO one"));
        settle();

        assertThat(counts()).isEqualTo(Map.of("/a info", 1L));
        assertThat(published.drops())
                .isEqualTo(Map.of(
                        "undecodable_line",
                        2L,
                        "fault",
                        0L,
                        "log_of_container",
                        0L,
                        "stranger",
                        0L,
                        "truncated",
                        7L,
                        "journal_corrupt",
                        1L));
    }

    @Test
    void logOfAnEndedContainerIsLeftWhenItIsReadAndBegunAgainWhereItWasLeft() throws IOException {
        plan(member("a", "/a"));
        tail.write("a.log", out("INFO one"));
        step();
        plan(member("a", "/a", START, true));
        settle();
        assertThat(tail.logs.getFirst().closed).isFalse();
        tail.logs.getFirst().quiet = Duration.ofSeconds(10);
        now = Duration.ofDays(30_000).toNanos(); // 2052
        settle();
        assertThat(tail.logs.getFirst().closed).isTrue();
        plan(member("a", "/other", START, true));
        assertThat(tail.logs).hasSize(1);

        tail.existing.add(out("INFO one"));
        tail.existing.add("2060-01-01T00:00:00Z stdout F INFO two");
        plan(member("a", "/other"));
        settle();
        assertThat(tail.log("a.log").at).isEqualTo(Beginning.START);
        assertThat(counts()).isEqualTo(Map.of("/other info", 2L));
    }

    @Test
    void afterAFaultTheCountsGoOnAndNothingIsReadAgain() throws IOException {
        plan(member("a", "/a"));
        tail.write("a.log", out("INFO one"));
        step();
        now = Duration.ofDays(30_000).toNanos();
        cycle.close();
        assertThat(tail.closed).isTrue();

        FakeTail next = new FakeTail();
        cycle = cycle(next);
        next.existing.add(out("INFO one"));
        next.existing.add("2060-01-01T00:00:00Z stdout F INFO two");
        plan(member("a", "/a"), member("b", "/b", new LogPlan.Begin(Beginning.END, Optional.empty())));
        assertThat(next.log("b.log").at).isEqualTo(Beginning.END);
        settle();
        assertThat(counts()).isEqualTo(Map.of("/a info", 2L));
    }
}
