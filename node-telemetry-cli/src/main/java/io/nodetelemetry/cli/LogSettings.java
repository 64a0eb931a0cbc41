package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetryConfig;
import io.nodetelemetry.NodeTelemetryConfig.Logs;
import io.nodetelemetry.model.LogLevel;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What flags and variables have set for logs so far. The setters check their values, as those of {@link Settings} do. */
final class LogSettings {
    private static final Logs DEFAULTS = NodeTelemetryConfig.DEFAULTS.logs();

    private boolean enabled = DEFAULTS.enabled();
    private boolean fromBeginning = DEFAULTS.fromBeginning();
    private boolean structured = DEFAULTS.structured();
    private boolean maskSecrets = DEFAULTS.maskSecrets();
    private LogLevel lowestPatternLevel = DEFAULTS.lowestPatternLevel();
    private int maxPatternsPerContainer = DEFAULTS.maxPatternsPerContainer();
    private int maxSampleLength = DEFAULTS.maxSampleLength();
    private int maxLinesPerSecond = DEFAULTS.maxLinesPerSecond();

    void disable() {
        enabled = false;
    }

    void fromBeginning() {
        fromBeginning = true;
    }

    void unstructured() {
        structured = false;
    }

    void withSecrets() {
        maskSecrets = false;
    }

    void lowestPatternLevel(String text) {
        lowestPatternLevel = Arrays.stream(LogLevel.values())
                .filter(level -> level.label().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is not a level of messages; allowed are "
                        + Arrays.stream(LogLevel.values()).map(LogLevel::label).collect(Collectors.joining(", "))));
    }

    void maxPatternsPerContainer(String text) {
        maxPatternsPerContainer = Settings.number(text);
        settings(); // checks it, while the flag's name is known
    }

    void maxSampleLength(String text) {
        maxSampleLength = Settings.number(text);
        settings();
    }

    void maxLinesPerSecond(String text) {
        maxLinesPerSecond = Settings.number(text);
        settings();
    }

    Logs settings() {
        return new Logs(
                enabled,
                fromBeginning,
                structured,
                maskSecrets,
                lowestPatternLevel,
                maxPatternsPerContainer,
                DEFAULTS.maxPatterns(),
                maxSampleLength,
                maxLinesPerSecond);
    }
}
