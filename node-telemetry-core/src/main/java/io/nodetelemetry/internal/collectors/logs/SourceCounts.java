package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.log.LevelCounts;
import io.nodetelemetry.internal.log.MessageCounts;
import io.nodetelemetry.internal.log.PatternTable;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.LogLevel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is counted of one source of a container's logs, and how that is shown. For the thread that reads logs. */
final class SourceCounts {
    /** Stands for all patterns that found no room. */
    static final String OTHER_PATTERNS = "0".repeat(32);

    private static final String OTHER_SAMPLE = "Messages of further patterns: there were more than are told apart";

    private final String name;
    private final MessageCounts messages;
    private long skippedLines;
    /** By the place of the pattern. */
    private final List<Labels> patternLabels = new ArrayList<>();

    private final Map<LogLevel, Labels> levelLabels = new EnumMap<>(LogLevel.class);
    private final Map<LogLevel, Labels> otherLabels = new EnumMap<>(LogLevel.class);
    private @Nullable Labels skippedLabels;

    SourceCounts(String name, MessageCounts messages) {
        this.name = name;
        this.messages = messages;
    }

    MessageCounts messages() {
        return messages;
    }

    void skipped(long lines) {
        skippedLines += lines;
    }

    void merge(SourceCounts other) {
        messages.merge(other.messages);
        skippedLines += other.skippedLines;
    }

    /** Adds a row for each number that is not zero. */
    void addTo(MetricTable.Builder table, MetricTable.Builder skipped, ContainerId id) {
        addLevels(table, messages.below(), levelLabels, id, "", "");
        PatternTable patterns = messages.patterns();
        for (int i = 0; i < patterns.size(); i++) {
            PatternTable.Entry entry = patterns.entry(i);
            if (i == patternLabels.size()) {
                patternLabels.add(labels(id, entry.level(), entry.hash(), entry.sample()));
            }
            table.row(patternLabels.get(i)).set(0, entry.count());
        }
        addLevels(table, patterns.beyond(), otherLabels, id, OTHER_PATTERNS, OTHER_SAMPLE);
        if (skippedLines > 0) {
            if (skippedLabels == null) {
                skippedLabels = Labels.of(id.value(), name);
            }
            skipped.row(skippedLabels).set(0, skippedLines);
        }
    }

    private void addLevels(
            MetricTable.Builder table,
            LevelCounts counts,
            Map<LogLevel, Labels> labels,
            ContainerId id,
            String hash,
            String sample) {
        counts.toMap()
                .forEach((level, count) -> table.row(
                                labels.computeIfAbsent(level, missing -> labels(id, level, hash, sample)))
                        .set(0, count));
    }

    private Labels labels(ContainerId id, LogLevel level, String hash, String sample) {
        return Labels.of(id.value(), level.label(), hash, sample, name);
    }
}
