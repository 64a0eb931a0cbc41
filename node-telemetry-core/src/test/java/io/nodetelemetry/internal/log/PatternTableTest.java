package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PatternTableTest {
    private final LogLineReader reader = new LogLineReader();

    private void count(PatternTable table, LogLevel level, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        reader.read(bytes, 0, bytes.length);
        if (!table.count(level, reader)) {
            table.add(level, reader, line);
        }
    }

    private static Map<String, Long> counts(PatternTable table) {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            counts.put(
                    table.entry(i).level() + " " + table.entry(i).pattern(),
                    table.entry(i).count());
        }
        return counts;
    }

    @Test
    void thousandPatternsAreFoundAgainInTheOrderInWhichTheyCame() {
        PatternTable table = new PatternTable(new PatternRoom(1_000));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1_000; i++) {
                count(table, LogLevel.ERROR, "failed " + "abcdefghij".charAt(i / 100) + "x".repeat(i % 100) + "z");
            }
        }

        assertThat(table.size()).isEqualTo(1_000);
        assertThat(table.entry(0).sample()).isEqualTo("failed az");
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.entry(i).count()).isEqualTo(3);
        }
        assertThat(table.beyond().sum()).isZero();
    }

    @Test
    void eachLevelHasItsRoomAndAllTogetherHaveTheTotal() {
        PatternRoom.Total total = new PatternRoom.Total(3);
        PatternTable table = new PatternTable(new PatternRoom(2, total));
        PatternTable other = new PatternTable(new PatternRoom(2, total));
        for (String word : new String[] {"alpha", "beta", "gamma"}) {
            count(table, LogLevel.ERROR, word);
            count(table, LogLevel.WARNING, word);
        }
        count(other, LogLevel.ERROR, "alpha");

        assertThat(counts(table)).containsOnlyKeys("ERROR alpha", "ERROR beta", "WARNING alpha");
        assertThat(table.beyond().toMap()).isEqualTo(Map.of(LogLevel.ERROR, 1L, LogLevel.WARNING, 2L));
        assertThat(other.beyond().toMap()).isEqualTo(Map.of(LogLevel.ERROR, 1L));
        assertThat(total.taken()).isEqualTo(3);

        table.release();
        count(other, LogLevel.ERROR, "alpha");
        assertThat(counts(other)).isEqualTo(Map.of("ERROR alpha", 1L));
    }

    @Test
    void twoTablesAreAddedUpAndNoMessageIsLost() {
        PatternRoom.Total total = new PatternRoom.Total(100);
        PatternTable table = new PatternTable(new PatternRoom(2, total));
        PatternTable other = new PatternTable(new PatternRoom(2, total));
        count(table, LogLevel.ERROR, "alpha");
        for (String word : new String[] {"alpha", "beta", "beta", "gamma"}) {
            count(other, LogLevel.ERROR, word);
        }
        table.merge(other);
        count(table, LogLevel.ERROR, "beta");

        assertThat(counts(table)).isEqualTo(Map.of("ERROR alpha", 2L, "ERROR beta", 3L));
        assertThat(table.beyond().toMap()).isEqualTo(Map.of(LogLevel.ERROR, 1L));
        assertThat(total.taken()).isEqualTo(2);
    }

    @Test
    void whatFindsNoRoomInTheOtherTableIsCountedAsSuch() {
        PatternTable table = new PatternTable(new PatternRoom(1));
        PatternTable other = new PatternTable(new PatternRoom(2));
        count(table, LogLevel.ERROR, "alpha");
        for (String word : new String[] {"beta", "beta", "gamma"}) {
            count(other, LogLevel.ERROR, word);
        }
        table.merge(other);

        assertThat(counts(table)).isEqualTo(Map.of("ERROR alpha", 1L));
        assertThat(table.beyond().of(LogLevel.ERROR)).isEqualTo(3);
    }
}
