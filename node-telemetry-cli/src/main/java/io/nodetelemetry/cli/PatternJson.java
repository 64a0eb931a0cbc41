package io.nodetelemetry.cli;

import io.nodetelemetry.cli.PatternCounts.Row;
import java.util.stream.Collectors;

/** Patterns as JSON (RFC 8259). */
final class PatternJson {
    private PatternJson() {}

    static String of(PatternCounts counts) {
        String levels = counts.below().entrySet().stream()
                .map(level -> "\"" + level.getKey().label() + "\": " + level.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
        String patterns =
                counts.rows().stream().map(PatternJson::object).collect(Collectors.joining(",\n", "[\n", "\n]"));
        return "{\"lines\": " + counts.lines() + ", \"countedByLevelAlone\": " + levels + ", \"beyondLimit\": "
                + counts.dropped() + ", \"patterns\": " + patterns + "}";
    }

    private static String object(Row row) {
        return "  {\"count\": " + row.count()
                + ", \"level\": " + DiagnosisJson.string(row.pattern().level().label())
                + ", \"hash\": " + DiagnosisJson.string(row.pattern().hash())
                + ", \"pattern\": " + DiagnosisJson.string(row.pattern().text())
                + ", \"sample\": " + DiagnosisJson.string(row.sample()) + "}";
    }
}
