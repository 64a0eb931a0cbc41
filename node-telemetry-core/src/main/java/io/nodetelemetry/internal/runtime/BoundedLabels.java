package io.nodetelemetry.internal.runtime;

import java.util.HashMap;
import java.util.Map;

/**
 * Labels as far as they are worth keeping: they stay in memory for as long as their container does, and some tools put
 * whole files into them.
 */
final class BoundedLabels {
    static final int MAX_TEXT = 256;
    private static final int MAX_LABELS = 256;
    private static final int MAX_CHARACTERS = 8_192;

    private final Map<String, String> labels = new HashMap<>();
    private int characters;

    /** Keeps a label if there is room, those that decide names in any case; long values are cut. */
    void put(String key, String value) {
        boolean telling = key.startsWith("io.kubernetes.") || key.startsWith("com.docker.");
        String text = cut(value);
        int size = key.length() + text.length();
        if (labels.size() < MAX_LABELS
                && key.length() <= MAX_TEXT
                && (telling || characters + size <= MAX_CHARACTERS)) {
            labels.put(key, text);
            characters += size;
        }
    }

    Map<String, String> asMap() {
        return labels;
    }

    static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
