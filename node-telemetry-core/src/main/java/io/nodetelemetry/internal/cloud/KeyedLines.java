package io.nodetelemetry.internal.cloud;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of keys and values, such as the top level of a simple YAML document or a file of shell variables. What is
 * indented belongs to something else, lines of other make are passed over, and of equal keys the first counts.
 */
final class KeyedLines {
    private static final Pattern YAML = Pattern.compile("([A-Za-z0-9_-]{1,64}):(?:\\s+(.*))?");
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z0-9_]{1,64})=(.*)");

    private final Map<String, String> values = new HashMap<>();

    private KeyedLines(String text, Pattern form) {
        text.lines().forEach(line -> {
            Matcher matcher = form.matcher(line);
            if (matcher.matches()) {
                String value = matcher.group(2);
                values.putIfAbsent(matcher.group(1), value == null ? "" : unquoted(value.strip()));
            }
        });
    }

    /** {@code key: value}; {@code null} and {@code ~} are no values. */
    static KeyedLines yaml(String text) {
        KeyedLines lines = new KeyedLines(text, YAML);
        lines.values.values().removeIf(value -> value.equals("null") || value.equals("~"));
        return lines;
    }

    /** {@code KEY=value}. */
    static KeyedLines variables(String text) {
        return new KeyedLines(text, VARIABLE);
    }

    private static String unquoted(String value) {
        int last = value.length() - 1;
        boolean quoted = last > 0
                && value.charAt(0) == value.charAt(last)
                && (value.charAt(0) == '"' || value.charAt(0) == '\'');
        return quoted ? value.substring(1, last) : value;
    }

    /** The value without quotes; empty if it is absent or empty. */
    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }
}
