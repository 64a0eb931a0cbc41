package io.nodetelemetry.cli;

import io.nodetelemetry.LogPatternCounter;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.LogPatternCount;
import java.util.Map;

/** Patterns as an aligned table, the first message that had each below it. */
final class PatternTable {
    private static final String FORMAT = "%9s  %-8s  %-32s  %s%n";

    private PatternTable() {}

    static String of(LogPatternCounter counter) {
        StringBuilder table = new StringBuilder(FORMAT.formatted("COUNT", "LEVEL", "HASH", "PATTERN"));
        for (LogPatternCount row : counter.counts()) {
            table.append(FORMAT.formatted(
                    row.count(),
                    row.pattern().level().label(),
                    row.pattern().hash(),
                    Printable.of(row.pattern().text())));
            table.append(FORMAT.formatted("", "", "", "e.g. " + Printable.of(row.sample())));
        }
        for (Map.Entry<LogLevel, Long> level : counter.countsBelow().entrySet()) {
            table.append(FORMAT.formatted(level.getValue(), level.getKey().label(), "", "(counted by level alone)"));
        }
        if (counter.beyondLimit() > 0) {
            table.append(FORMAT.formatted(
                    counter.beyondLimit(), "", "", "(patterns beyond the first " + PatternsCommand.MAX_PATTERNS + ")"));
        }
        return table.toString();
    }
}
