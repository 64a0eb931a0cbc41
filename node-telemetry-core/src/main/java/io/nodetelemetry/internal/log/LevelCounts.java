package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A number for each level. Counting allocates nothing. Belongs to one thread. */
public final class LevelCounts {
    private final Map<LogLevel, long[]> counts = new EnumMap<>(LogLevel.class);

    /** All are zero. */
    public LevelCounts() {
        for (LogLevel level : LogLevel.values()) {
            counts.put(level, new long[1]);
        }
    }

    private long[] cell(LogLevel level) {
        return Objects.requireNonNull(counts.get(level));
    }

    public void add(LogLevel level, long number) {
        cell(level)[0] += number;
    }

    /** Adds each number of another. */
    public void addAll(LevelCounts others) {
        others.counts.forEach((level, count) -> add(level, count[0]));
    }

    public long of(LogLevel level) {
        return cell(level)[0];
    }

    public long sum() {
        long sum = 0;
        for (long[] count : counts.values()) {
            sum += count[0];
        }
        return sum;
    }

    /** Those that are not zero. */
    public Map<LogLevel, Long> toMap() {
        Map<LogLevel, Long> map = new EnumMap<>(LogLevel.class);
        counts.forEach((level, count) -> {
            if (count[0] > 0) {
                map.put(level, count[0]);
            }
        });
        return map;
    }
}
