package io.nodetelemetry.cli;

import io.nodetelemetry.LogPatternCounter;
import io.nodetelemetry.model.LogPatternCount;
import java.util.stream.Collectors;

/** Patterns as JSON (RFC 8259). */
final class PatternJson {
    private PatternJson() {}

    static String of(LogPatternCounter counter) {
        String levels = counter.countsBelow().entrySet().stream()
                .map(level -> "\"" + level.getKey().label() + "\": " + level.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
        String patterns =
                counter.counts().stream().map(PatternJson::object).collect(Collectors.joining(",\n", "[\n", "\n]"));
        return "{\"lines\": " + counter.lines() + ", \"messages\": " + counter.messages()
                + ", \"countedByLevelAlone\": " + levels + ", \"beyondLimit\": " + counter.beyondLimit()
                + ", \"patterns\": " + patterns + "}";
    }

    private static String object(LogPatternCount row) {
        return "  {\"count\": " + row.count()
                + ", \"level\": " + DiagnosisJson.string(row.pattern().level().label())
                + ", \"hash\": " + DiagnosisJson.string(row.pattern().hash())
                + ", \"pattern\": " + DiagnosisJson.string(row.pattern().text())
                + ", \"sample\": " + DiagnosisJson.string(row.sample()) + "}";
    }
}
