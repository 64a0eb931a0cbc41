package io.nodetelemetry.internal.collectors.delays;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DelayLedgerTest {
    private static final long SECOND = 1_000_000_000;
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final CgroupRef WEB_AGAIN = new CgroupRef(0, 101);
    private static final CgroupRef SHELL = new CgroupRef(0, 102);
    private static final CgroupPath WEB_PATH = new CgroupPath("/system.slice/web.service");

    private final FakeDelays source = new FakeDelays();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(64, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final DelayLedger ledger = new DelayLedger(registry);

    DelayLedgerTest() {
        registry.listen(new ContainerListener() {
            @Override
            public void forgotten(Container container, Optional<Container> heir) {
                try {
                    ledger.forget(container, heir, source, nanos());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        registry.cgroupCreated(WEB, WEB_PATH);
        registry.cgroupCreated(SHELL, new CgroupPath("/user.slice/user-0.slice/session-1.scope"));
    }

    private long nanos() {
        return now.toEpochMilli() * 1_000_000;
    }

    private void pass(Duration later) throws IOException {
        now = now.plus(later);
        registry.tick();
        ledger.read(source, nanos());
    }

    private void passes(Duration time) throws IOException {
        for (int i = 0; i < time.toSeconds() / 5; i++) {
            pass(Duration.ofSeconds(5));
        }
    }

    private static TaskDelays waited(long runSeconds, long blockSeconds, long living, long ended) {
        return new TaskDelays(runSeconds * SECOND, blockSeconds * SECOND, living, ended);
    }

    private Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        ledger.byId()
                .forEach((id, delays) -> shown.put(
                        id.value(), delays.runNanos() / SECOND + " run, " + delays.blockNanos() / SECOND + " block"));
        return shown;
    }

    @Test
    void livingAndEndedTasksAreOneTotalOfTheirContainer() throws IOException {
        source.ended.put(WEB, waited(2, 1, 0, 400));
        source.living.put(WEB, waited(3, 4, 5, 0));
        source.living.put(SHELL, waited(7, 7, 1, 0));

        pass(Duration.ofSeconds(5));

        assertThat(shown()).containsExactly(Map.entry("/system.slice/web.service", "5 run, 5 block"));
    }

    @Test
    void theTotalStaysWhenTheCgroupIsGoneAndItsRowIsRemovedFromTheKernel() throws IOException {
        source.ended.put(WEB, waited(2, 1, 0, 400));
        pass(Duration.ofSeconds(5));
        registry.cgroupRemoved(WEB);

        passes(Duration.ofSeconds(50));
        assertThat(source.ended).containsKey(WEB);
        passes(Duration.ofSeconds(30));

        assertThat(source.ended).isEmpty();
        assertThat(shown()).containsValue("2 run, 1 block");
    }

    @Test
    void aServiceThatIsRestartedGoesOnWhereItWas() throws IOException {
        source.ended.put(WEB, waited(2, 1, 0, 1));
        pass(Duration.ofSeconds(5));
        registry.cgroupRemoved(WEB);
        registry.cgroupCreated(WEB_AGAIN, WEB_PATH);
        source.living.put(WEB_AGAIN, waited(3, 0, 1, 0));

        passes(Duration.ofMinutes(20));

        assertThat(source.ended).isEmpty();
        assertThat(shown()).containsExactly(Map.entry("/system.slice/web.service", "5 run, 1 block"));
    }

    @Test
    void aContainerThatIsForgottenHasNoSeriesAndNoRow() throws IOException {
        source.ended.put(WEB, waited(2, 1, 0, 1));
        pass(Duration.ofSeconds(5));
        registry.cgroupRemoved(WEB);

        passes(Duration.ofMinutes(11));

        assertThat(shown()).isEmpty();
        assertThat(source.ended).isEmpty();
    }

    @Test
    void rowsOfCgroupsThatNobodyKnowsGo() throws IOException {
        source.ended.put(new CgroupRef(0, 999), waited(2, 1, 0, 1));

        passes(Duration.ofSeconds(90));

        assertThat(source.ended).isEmpty();
        assertThat(shown()).isEmpty();
    }

    @Test
    void whatArrivesBeforeTheCgroupIsKnownIsNotLost() throws IOException {
        source.ended.put(WEB_AGAIN, waited(2, 1, 0, 1));
        pass(Duration.ofSeconds(5));
        assertThat(shown()).isEmpty();
        registry.cgroupCreated(WEB_AGAIN, WEB_PATH);

        pass(Duration.ofSeconds(5));

        assertThat(shown()).containsValue("2 run, 1 block");
    }

    @Test
    void aRowThatStaysAwayForSomePassesIsADipAndNoLoss() throws IOException {
        source.living.put(WEB, waited(9, 0, 1, 0));
        pass(Duration.ofSeconds(5));
        source.living.clear();
        pass(Duration.ofSeconds(5));
        source.ended.put(WEB, waited(9, 0, 0, 1));
        pass(Duration.ofSeconds(5));

        assertThat(shown()).containsValue("9 run, 0 block");
    }

    @Test
    void impossibleGrowthIsCountedAndNotShown() throws IOException {
        source.living.put(WEB, waited(1, 1, 2, 0));
        pass(Duration.ofSeconds(5));
        source.living.put(WEB, waited(2, 13_000, 2, 0));
        pass(Duration.ofSeconds(5));

        assertThat(shown()).containsValue("2 run, 1 block");
        assertThat(ledger.jumps()).isEqualTo(1);
    }

    @Test
    void aSourceThatBeginsAnewDoesNotTakeBackWhatWasShown() throws IOException {
        source.ended.put(WEB, waited(2, 1, 0, 400));
        pass(Duration.ofSeconds(5));
        ledger.sourceClosed();
        source.ended.clear();
        source.living.put(WEB, waited(1, 0, 1, 0));
        pass(Duration.ofSeconds(5));

        assertThat(shown()).containsValue("3 run, 1 block");
    }
}
