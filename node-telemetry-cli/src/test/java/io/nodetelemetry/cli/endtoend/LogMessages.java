package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.Scrape;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a scrape says of the messages of one container. */
final class LogMessages {
    static final String METRIC = "container_log_messages_total";
    static final String SKIPPED = "container_log_skipped_lines_total";
    /** Of what a container writes to its standard streams. */
    static final String STREAMS = "stdout/stderr";

    /** Messages wait a second for what may go on with them. */
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Longer than it takes for a line to be counted: what would come twice has come by then. */
    private static final Duration SETTLED = Duration.ofMillis(2_500);

    /**
     * What tells a series of a container from the others.
     *
     * @param source where it was read
     * @param level its label
     * @param patternHash empty for levels without patterns
     */
    record Row(String source, String level, String patternHash) {}

    private LogMessages() {}

    /** All series of a container. */
    static Map<Row, Long> of(Scrape scrape, String containerId) {
        Map<Row, Long> counts = new HashMap<>();
        for (Scrape.Series series : scrape.series(METRIC, "container_id", containerId)) {
            Map<String, String> labels = series.labels();
            Row row = new Row(
                    labels.getOrDefault("source", ""),
                    labels.getOrDefault("level", ""),
                    labels.getOrDefault("pattern_hash", ""));
            // Whole numbers below 2^53: exact.
            long count = scrape.samples().getOrDefault(series, 0.0).longValue();
            assertThat(counts.put(row, count)).as("a second series of %s", row).isNull();
        }
        return counts;
    }

    /** How many messages of a container were counted, of whatever kind. */
    static long sum(Scrape scrape, String containerId) {
        return of(scrape, containerId).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Waits until exactly these were counted of the container, and looks once more whether it stays so. */
    static void assertCounted(AgentProcess agent, String containerId, Map<Row, Long> expected) {
        assertCounted(agent, Map.of(containerId, expected));
    }

    /** The same of several containers, which takes no longer. */
    static void assertCounted(AgentProcess agent, Map<String, Map<Row, Long>> expected) {
        expected.forEach((containerId, rows) -> Eventually.within(
                SOON,
                () -> assertThat(of(agent.scrape(), containerId))
                        .as(containerId)
                        .isEqualTo(rows)));
        assertStays(agent, expected);
    }

    private static void assertStays(AgentProcess agent, Map<String, Map<Row, Long>> expected) {
        try {
            Thread.sleep(SETTLED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        Scrape scrape = agent.scrape();
        expected.forEach((containerId, rows) ->
                assertThat(of(scrape, containerId)).as("%s, later", containerId).isEqualTo(rows));
    }

    /** Waits until so many messages were counted at least. */
    static void awaitSum(AgentProcess agent, String containerId, long least) {
        Eventually.within(
                SOON,
                () -> assertThat(sum(agent.scrape(), containerId))
                        .as(containerId)
                        .isGreaterThanOrEqualTo(least));
    }

    /** Both counts together. */
    static Map<Row, Long> plus(Map<Row, Long> one, Map<Row, Long> other) {
        Map<Row, Long> sum = new HashMap<>(one);
        other.forEach((row, count) -> sum.merge(row, count, Long::sum));
        return sum;
    }
}
