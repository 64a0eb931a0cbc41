package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.LogPatternCount;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogPatternCounterTest {
    private static LogPatternCounter count(LogLevel lowest, int max, String log) {
        LogPatternCounter counter = new LogPatternCounter(lowest, max);
        log.lines().forEach(line -> {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            counter.line(bytes, 0, bytes.length);
        });
        counter.end();
        return counter;
    }

    @Test
    void messagesAreCountedByLevelAndPattern() {
        LogPatternCounter counter = count(LogLevel.WARNING, 10, """
                ERROR disk 1 is full
                INFO fine
                ERROR disk 2 is full
                WARN disk 3 is slow

                ERROR lost
                java.io.IOException: x
                \tat a.B.c(B.java:1)
                """);

        assertThat(counter.counts()).extracting(LogPatternCount::count).containsExactly(2L, 1L, 1L);
        assertThat(counter.counts().getFirst().pattern().text()).isEqualTo("ERROR disk <*> is full");
        assertThat(counter.counts()).extracting(LogPatternCount::sample).contains("ERROR disk 1 is full");
        assertThat(counter.countsBelow()).isEqualTo(Map.of(LogLevel.INFO, 1L));
        assertThat(counter.lines()).isEqualTo(8);
        assertThat(counter.messages()).isEqualTo(5);
        assertThat(counter.beyondLimit()).isZero();
    }

    @Test
    void theLimitHoldsForEachLevelAndNothingIsLost() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            log.append(i % 2 == 0 ? "ERROR " : "WARN ")
                    .append("y".repeat(1 + i))
                    .append('\n');
        }

        LogPatternCounter counter = count(LogLevel.WARNING, 100, log.toString());

        assertThat(counter.counts()).hasSize(200);
        assertThat(counter.beyondLimit()).isEqualTo(100);
        assertThat(counter.messages()).isEqualTo(300);
    }

    @Test
    void aLongSampleIsCutBetweenCharacters() {
        LogPatternCounter counter = count(LogLevel.UNKNOWN, 1, "x".repeat(199) + "\ud83d\ude00 and more");

        assertThat(counter.counts().getFirst().sample()).isEqualTo("x".repeat(199));
        assertThatThrownBy(() -> new LogPatternCounter(LogLevel.ERROR, 0)).hasMessageContaining("at least 1");
    }

    @Test
    void whateverTheBytesEveryMessageIsCountedOnce() {
        Random random = new Random(29);
        LogPatternCounter counter = new LogPatternCounter(LogLevel.WARNING, 20);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = new byte[random.nextInt(40)];
            random.nextBytes(line);
            byte[] level = (random.nextBoolean() ? "ERROR " : "{\"level\":\"info\",\"msg\":\"")
                    .getBytes(StandardCharsets.UTF_8);
            System.arraycopy(level, 0, line, 0, Math.min(line.length, level.length));
            counter.line(line, 0, line.length);
        }
        counter.end();

        long counted =
                counter.counts().stream().mapToLong(LogPatternCount::count).sum();
        long below = counter.countsBelow().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(counted + below + counter.beyondLimit()).isEqualTo(counter.messages());
        assertThat(counter.messages()).isBetween(1_000L, 20_000L);
        assertThat(counter.counts()).hasSizeLessThanOrEqualTo(3 * 20);
    }
}
