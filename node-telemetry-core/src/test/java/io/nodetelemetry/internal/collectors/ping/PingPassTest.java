package io.nodetelemetry.internal.collectors.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingPassTest {
    private static final long SECOND = 1_000_000_000L;
    /** So that times pass the end of their range. */
    private static final long START = Long.MAX_VALUE - SECOND;

    private static long later(long nanos) {
        return START + nanos;
    }

    private static PingTask task(int targets) {
        Map<SocketAddress, List<ContainerId>> all = new LinkedHashMap<>();
        for (int i = 0; i < targets; i++) {
            all.put(new SocketAddress(0x20010db8L << 32, i, 0), List.of(new ContainerId("/a")));
        }
        return new PingTask(new NetworkNamespace(1), List.of(1), all);
    }

    /** When each task begins if it is looked for all the time. */
    private static List<Long> times(PingPass pass) {
        List<Long> times = new ArrayList<>();
        long now = START;
        while (!pass.isOver()) {
            now = pass.nextNanos() - now > 0 ? pass.nextNanos() : now;
            times.add(now - START);
            pass.take(now);
        }
        return times;
    }

    @Test
    void tasksAreSpreadOverTheInterval() {
        PingPass pass = new PingPass(List.of(task(1), task(2), task(1), task(1)), START, 10 * SECOND, 500, START);

        assertThat(times(pass)).containsExactly(0L, 5 * SECOND / 2, 5 * SECOND, 15 * SECOND / 2);
    }

    @Test
    void passTakesLongerWhereThereAreTooManyRequests() {
        PingPass pass = new PingPass(List.of(task(100), task(50), task(100)), START, SECOND, 10, START);

        assertThat(times(pass)).containsExactly(0L, 10 * SECOND, 15 * SECOND);
        assertThat(pass.allowedNanos() - START).isEqualTo(25 * SECOND);
    }

    @Test
    void nextPassWaitsForWhatTheLastOneSent() {
        PingPass pass = new PingPass(List.of(task(1)), START, SECOND, 10, later(3 * SECOND));

        assertThat(times(pass)).containsExactly(3 * SECOND);
    }

    @Test
    void emptyPassIsOver() {
        assertThat(new PingPass(List.of(), START, SECOND, 1, START).isOver()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "100,1,100", "101,2,1", "250,3,50"})
    void largeTasksAreSplit(int targets, int parts, int last) {
        List<PingTask> split = task(targets).split();

        assertThat(split).hasSize(parts);
        assertThat(split.getLast().targets()).hasSize(last);
        assertThat(split.stream().flatMap(part -> part.targets().keySet().stream()))
                .hasSize(targets)
                .doesNotHaveDuplicates();
    }
}
