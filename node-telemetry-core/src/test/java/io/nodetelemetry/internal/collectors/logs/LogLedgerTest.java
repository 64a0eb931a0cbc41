package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogLedgerTest {
    private static final LogsCollector.Config CONFIG =
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 3, 100, 100);

    private long now;
    private final LogLedger ledger =
            LogsState.of(CONFIG, () -> Instant.EPOCH, () -> now).ledger();

    private static ContainerKey key(String name) {
        return new ContainerKey(ContainerRuntime.SYSTEMD, "/system.slice/" + name);
    }

    private void plan(String... names) {
        ledger.apply(new LogPlan(
                List.of(names).stream()
                        .map(name -> new LogPlan.Member(
                                key(name),
                                Optional.of(new ContainerId("/" + name)),
                                new LogPlan.Begin(Beginning.END, Optional.empty()),
                                false,
                                Optional.empty()))
                        .toList(),
                List.of(),
                Set.of()));
    }

    private static void count(LogBearer bearer, String source, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        bearer.account().source(source).messages().count(bytes, bytes.length, bytes, bytes.length, LogLevel.UNKNOWN);
    }

    private MetricTable messages() {
        return ledger.tables().getFirst();
    }

    private long sum() {
        MetricTable table = messages();
        long sum = 0;
        for (int row = 0; row < table.size(); row++) {
            sum += table.longValue(0, row);
        }
        return sum;
    }

    @Test
    void strangerIsCountedAndShownOnceItIsInAPlan() {
        count(ledger.bearerOrStranger(key("new")).orElseThrow(), "journald", "ERROR one");
        plan("other");
        assertThat(sum()).isZero();
        now += Duration.ofSeconds(60).toNanos();
        ledger.forgetStrangers();
        plan("other", "new");
        assertThat(sum()).isEqualTo(1);
        now += Duration.ofSeconds(61).toNanos();
        ledger.forgetStrangers();
        assertThat(sum()).isEqualTo(1);
    }

    @Test
    void strangerThatNoPlanKnowsIsForgottenAndGivesItsRoomBack() {
        LogBearer stranger = ledger.bearerOrStranger(key("stranger")).orElseThrow();
        for (String word : List.of("alpha", "beta", "gamma")) {
            count(stranger, "journald", "ERROR " + word);
        }
        now += Duration.ofSeconds(61).toNanos();
        ledger.forgetStrangers();
        assertThat(ledger.bearer(key("stranger"))).isEmpty();

        plan("a");
        LogBearer a = ledger.bearer(key("a")).orElseThrow();
        for (String word : List.of("alpha", "beta", "gamma")) {
            count(a, "journald", "ERROR " + word);
        }
        assertThat(messages().size()).isEqualTo(3);
    }

    @Test
    void whatComesOfAContainerThatIsGoneTakesNoRoom() {
        plan("a");
        LogBearer gone = ledger.bearer(key("a")).orElseThrow();
        count(gone, "journald", "ERROR before");
        plan("b");
        for (String word : List.of("alpha", "beta", "gamma")) {
            count(gone, "journald", "ERROR " + word);
            count(gone, "/var/log/a.log", "ERROR " + word);
        }
        for (String word : List.of("alpha", "beta", "gamma")) {
            count(ledger.bearer(key("b")).orElseThrow(), "journald", "ERROR " + word);
        }
        assertThat(messages().size()).isEqualTo(3);
        assertThat(messages().labels(2).get(3)).isEqualTo("ERROR gamma");
    }

    @Test
    void hiddenOnesAreNoStrangers() {
        ledger.bearerOrStranger(key("hidden"));
        ledger.apply(new LogPlan(List.of(), List.of(), Set.of(key("hidden"))));
        assertThat(ledger.bearer(key("hidden"))).isEmpty();
    }

    @Test
    void thereAreOnlySoManyStrangers() {
        for (int i = 0; i < LogLedger.MAX_STRANGERS; i++) {
            assertThat(ledger.bearerOrStranger(key("s" + i))).isPresent();
        }
        assertThat(ledger.bearerOrStranger(key("one more"))).isEmpty();
        assertThat(ledger.bearerOrStranger(key("s0"))).isPresent();
        assertThat(ledger.strangersDropped()).isEqualTo(1);
    }

    @Test
    void sourcesBeyondTheirLimitCountAsOne() {
        plan("a");
        LogBearer bearer = ledger.bearer(key("a")).orElseThrow();
        for (int i = 0; i < LogAccount.MAX_SOURCES + 3; i++) {
            count(bearer, "/var/log/day-" + i + ".log", "INFO begun");
        }
        MetricTable table = messages();
        assertThat(table.size()).isEqualTo(LogAccount.MAX_SOURCES + 1);
        assertThat(table.labels(LogAccount.MAX_SOURCES).get(4)).isEqualTo("~other");
        assertThat(table.longValue(0, LogAccount.MAX_SOURCES)).isEqualTo(3);
    }

    @Test
    void allContainersTogetherHaveAsManyPatternsAsIsSet() {
        plan("a", "b");
        for (String word : List.of("alpha", "beta")) {
            count(ledger.bearer(key("a")).orElseThrow(), "journald", "ERROR " + word);
            count(ledger.bearer(key("b")).orElseThrow(), "journald", "ERROR " + word);
        }
        assertThat(sum()).isEqualTo(4);
        assertThat(messages().size()).isEqualTo(4); // three patterns and those without room
        plan("b");
        count(ledger.bearer(key("b")).orElseThrow(), "journald", "ERROR gamma");
        assertThat(sum()).isEqualTo(3);
        assertThat(messages().size()).isEqualTo(3);
    }
}
