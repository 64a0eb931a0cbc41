package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.LogPatterns;
import io.nodetelemetry.model.LogPattern;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the end-to-end tests expect rests on this: levels and patterns of their lines are the same for all numbers. */
class LogLinesTest {
    private static final String SOURCE = "source";

    @Test
    void numbersChangeNeitherLevelNorPattern() {
        LogPatterns patterns = new LogPatterns();
        for (LogLines.Kind kind : MIXED.kinds()) {
            Set<String> hashes = new HashSet<>();
            IntStream.iterate(0, number -> number < 1_000_000, number -> number + 1 + number / 50)
                    .forEach(number -> {
                        byte[] line = kind.text(number).getBytes(StandardCharsets.UTF_8);
                        LogPattern pattern = patterns.patternOf(line, 0, line.length);
                        assertThat(pattern.level()).as(kind.template()).isEqualTo(kind.level());
                        hashes.add(pattern.hash());
                    });
            assertThat(hashes).as(kind.template()).hasSize(1);
        }
    }

    @Test
    void countsOfSoManyLinesAreThoseOfTheLinesThemselves() {
        for (int count : new int[] {0, 1, 7, 8, 9, 100}) {
            Map<LogMessages.Row, Long> counts = MIXED.counts(SOURCE, count);

            assertThat(counts)
                    .isEqualTo(MIXED.counts(SOURCE, IntStream.range(0, count).mapToObj(MIXED::line)));
            assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(count);
        }
    }

    @Test
    void rowsAreOfAllLevelsAndOfFivePatterns() {
        Map<String, Long> byLevel = new HashMap<>();
        MIXED.counts(SOURCE, 800).forEach((row, count) -> byLevel.merge(row.level(), count, Long::sum));

        assertThat(byLevel)
                .isEqualTo(Map.of(
                        "error",
                        200L,
                        "info",
                        100L,
                        "warning",
                        200L,
                        "unknown",
                        100L,
                        "debug",
                        100L,
                        "critical",
                        100L));
        assertThat(MIXED.counts(SOURCE, 800)).hasSize(8);
    }
}
