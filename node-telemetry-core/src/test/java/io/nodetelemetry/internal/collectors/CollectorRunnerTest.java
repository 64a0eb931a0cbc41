package io.nodetelemetry.internal.collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CollectorRunnerTest {
    private static final MetricFamily ONE =
            MetricFamily.gauge("test_one", "", MetricFamily.ValueType.LONG, "For the test.");
    private static final MetricFamily TWO =
            MetricFamily.gauge("test_two", "", MetricFamily.ValueType.LONG, "For the test.");
    private static final CollectorContext CONTEXT =
            new CollectorContext(InstantSource.system(), Path.of("/proc"), Path.of("/sys"), Path.of("/sys/fs/cgroup"));

    private long nanos;
    private final List<String> calls = new ArrayList<>();

    private final class Scripted implements Collector {
        private final String name;
        private final MetricFamily family;
        private final MetricFamily returned;
        private @Nullable Exception onStart;
        private @Nullable Exception onCollect;

        Scripted(String name, MetricFamily family, MetricFamily returned) {
            this.name = name;
            this.family = family;
            this.returned = returned;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<MetricFamily> families() {
            return List.of(family);
        }

        @Override
        public void start(CollectorContext context) throws Exception {
            calls.add(name + ".start");
            if (onStart != null) {
                throw onStart;
            }
        }

        @Override
        public List<MetricTable> collect() throws Exception {
            nanos += 5;
            if (onCollect != null) {
                throw onCollect;
            }
            return List.of(MetricTable.single(returned, 1));
        }

        @Override
        public void close() {
            calls.add(name + ".close");
        }
    }

    @Test
    void aResultIsShownAgainForAsLongAsItIsGood() {
        List<Integer> reads = new ArrayList<>();
        Collector rare = new Collector() {
            @Override
            public String name() {
                return "rare";
            }

            @Override
            public List<MetricFamily> families() {
                return List.of(ONE);
            }

            @Override
            public void start(CollectorContext context) {}

            @Override
            public List<MetricTable> collect() {
                reads.add(reads.size());
                return List.of(MetricTable.single(ONE, reads.size()));
            }

            @Override
            public Duration interval() {
                return Duration.ofSeconds(5);
            }

            @Override
            public void close() {}
        };
        try (CollectorRunner runner = runner(rare)) {
            assertThat(valueAt(runner, 0, false)).isEqualTo(1);
            assertThat(valueAt(runner, 4.9, false)).isEqualTo(1);
            assertThat(valueAt(runner, 5, false)).isEqualTo(2);
            assertThat(valueAt(runner, 5.9, true))
                    .as("fresh enough for a reader")
                    .isEqualTo(2);
            assertThat(valueAt(runner, 6.1, true)).as("too old for a reader").isEqualTo(3);
            assertThat(valueAt(runner, 11, false)).isEqualTo(3);
        }
    }

    private long valueAt(CollectorRunner runner, double seconds, boolean readSoon) {
        nanos = Math.round(seconds * 1e9);
        return runner.collect(readSoon).getFirst().longValue(0, 0);
    }

    private CollectorRunner runner(Collector... collectors) {
        return new CollectorRunner(List.of(collectors), CONTEXT, () -> nanos);
    }

    @Test
    void everyCollectorIsReadAndTimed() {
        try (CollectorRunner runner = runner(new Scripted("one", ONE, ONE), new Scripted("two", TWO, TWO))) {
            assertThat(runner.collect(false)).hasSize(2);
            assertThat(runner.statuses())
                    .containsExactly(
                            new CollectorStatus("one", true, "", 5, 0), new CollectorStatus("two", true, "", 5, 0));
        }
        assertThat(calls).containsExactly("one.start", "two.start", "two.close", "one.close");
    }

    @Test
    void unavailableCollectorIsOffWithItsReasonAndTriedAgain() {
        Scripted one = new Scripted("one", ONE, ONE);
        one.onStart = new CollectorUnavailableException("no BTF; install a kernel with it");
        try (CollectorRunner runner = runner(one, new Scripted("two", TWO, TWO))) {
            assertThat(runner.collect(false)).hasSize(1);
            assertThat(runner.statuses().getFirst())
                    .isEqualTo(new CollectorStatus("one", false, "no BTF; install a kernel with it", 0, 1));

            one.onStart = null;
            nanos += Duration.ofSeconds(29).toNanos();
            assertThat(runner.collect(false)).hasSize(1);
            nanos += Duration.ofSeconds(2).toNanos();
            assertThat(runner.collect(false)).hasSize(2);
            assertThat(runner.statuses().getFirst().up()).isTrue();
        }
        // what a failed start had opened is closed, too
        assertThat(calls).containsExactly("one.start", "one.close", "two.start", "one.start", "two.close", "one.close");
    }

    @Test
    void failedReadLeavesTheOthersAloneAndRecovers() {
        Scripted one = new Scripted("one", ONE, ONE);
        one.onCollect = new IOException("short read");
        try (CollectorRunner runner = runner(one, new Scripted("two", TWO, TWO))) {
            assertThat(runner.collect(false)).hasSize(1);
            assertThat(runner.statuses().getFirst()).isEqualTo(new CollectorStatus("one", false, "short read", 5, 1));
            one.onCollect = null;
            assertThat(runner.collect(false)).hasSize(2);
            assertThat(runner.statuses().getFirst()).isEqualTo(new CollectorStatus("one", true, "", 5, 1));
        }
    }

    @Test
    void whatACollectorGoesOnWithoutIsItsReasonWhileItIsUp() {
        final class Partly implements Collector, PartlyWorking {
            private Optional<String> missing = Optional.of("nobody answers");

            @Override
            public String name() {
                return "partly";
            }

            @Override
            public List<MetricFamily> families() {
                return List.of(ONE);
            }

            @Override
            public void start(CollectorContext context) {}

            @Override
            public List<MetricTable> collect() {
                return List.of(MetricTable.single(ONE, 1));
            }

            @Override
            public Optional<String> degraded() {
                return missing;
            }

            @Override
            public void close() {}
        }
        Partly collector = new Partly();
        try (CollectorRunner runner = runner(collector)) {
            assertThat(runner.statuses()).containsExactly(new CollectorStatus("partly", false, "not started", 0, 0));
            assertThat(runner.collect(false)).hasSize(1);
            assertThat(runner.statuses()).containsExactly(new CollectorStatus("partly", true, "nobody answers", 0, 0));
            collector.missing = Optional.of("x".repeat(5_000));
            assertThat(runner.statuses().getFirst().reason()).hasSize(256).endsWith("…");
            collector.missing = Optional.empty();
            assertThat(runner.statuses()).containsExactly(new CollectorStatus("partly", true, "", 0, 0));
        }
    }

    @Test
    void longReasonIsCut() {
        Scripted one = new Scripted("one", ONE, ONE);
        one.onCollect = new IOException("x".repeat(5_000));
        try (CollectorRunner runner = runner(one)) {
            runner.collect(false);
            assertThat(runner.statuses().getFirst().reason()).hasSize(256).endsWith("…");
        }
    }

    @Test
    void undeclaredMetricIsAFault() {
        try (CollectorRunner runner = runner(new Scripted("one", ONE, TWO))) {
            assertThat(runner.collect(false)).isEmpty();
            assertThat(runner.statuses().getFirst().reason()).contains("test_two");
        }
    }

    @Test
    void contradictingCollectorsAreRefused() {
        assertThatThrownBy(() -> runner(new Scripted("one", ONE, ONE), new Scripted("two", ONE, ONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("collectors one and two both return metric test_one");
        assertThatThrownBy(() -> runner(new Scripted("one", ONE, ONE), new Scripted("one", TWO, TWO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two collectors are named one");
    }
}
