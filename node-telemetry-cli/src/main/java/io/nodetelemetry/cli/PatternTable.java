package io.nodetelemetry.cli;

import io.nodetelemetry.cli.PatternCounts.Row;
import io.nodetelemetry.model.LogLevel;
import java.util.Map;

/** Patterns as an aligned table, the first line that had each below it. */
final class PatternTable {
    private static final String FORMAT = "%9s  %-8s  %-32s  %s%n";

    private PatternTable() {}

    static String of(PatternCounts counts) {
        StringBuilder table = new StringBuilder(FORMAT.formatted("COUNT", "LEVEL", "HASH", "PATTERN"));
        for (Row row : counts.rows()) {
            table.append(FORMAT.formatted(
                    row.count(),
                    row.pattern().level().label(),
                    row.pattern().hash(),
                    Printable.of(row.pattern().text())));
            table.append(FORMAT.formatted("", "", "", "e.g. " + row.sample()));
        }
        for (Map.Entry<LogLevel, Long> level : counts.below().entrySet()) {
            table.append(FORMAT.formatted(level.getValue(), level.getKey().label(), "", "(counted by level alone)"));
        }
        if (counts.dropped() > 0) {
            table.append(FORMAT.formatted(
                    counts.dropped(), "", "", "(patterns beyond the first " + counts.patterns() + ")"));
        }
        return table.toString();
    }
}
