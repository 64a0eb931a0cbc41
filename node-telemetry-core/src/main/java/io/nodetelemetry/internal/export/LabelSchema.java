package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodetelemetry.collector.Labels;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which labels the rows of a table have: its keys and the constant ones, in alphabetical order. Immutable; its identity
 * is the form under which {@link Labels} keep their text.
 */
final class LabelSchema {
    private static final class Entry {
        private final AttributeKey<String> key;
        private final byte[] opening;
        private final int index;
        private final String constant;

        /** Takes the value from that place of the row or, if it is negative, the constant. */
        Entry(String key, int index, String constant) {
            this.key = AttributeKey.stringKey(key);
            opening = (key + "=\"").getBytes(UTF_8);
            this.index = index;
            this.constant = constant;
        }

        String value(Labels labels) {
            return index < 0 ? constant : labels.get(index);
        }
    }

    private final List<Entry> entries;

    LabelSchema(List<String> keys, Map<String, String> constants) {
        TreeMap<String, Entry> sorted = new TreeMap<>();
        constants.forEach((key, value) -> sorted.put(key, new Entry(key, -1, value)));
        for (int i = 0; i < keys.size(); i++) {
            sorted.put(keys.get(i), new Entry(keys.get(i), i, ""));
        }
        entries = new ArrayList<>(sorted.values());
    }

    /** The labels as OpenTelemetry attributes. */
    Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        for (Entry entry : entries) {
            attributes.put(entry.key, entry.value(labels));
        }
        return attributes.build();
    }

    /** The labels as they stand in a line of Prometheus text, braces included; no bytes if there are no labels. */
    byte[] text(Labels labels) {
        byte[] known = labels.encoded(this);
        if (known != null) {
            return known;
        }
        byte[] text = encode(labels);
        labels.encoded(this, text);
        return text;
    }

    private byte[] encode(Labels labels) {
        if (entries.isEmpty()) {
            return new byte[0];
        }
        int length = 1;
        for (Entry entry : entries) {
            length += entry.opening.length + EscapedText.length(entry.value(labels)) + 2;
        }
        byte[] text = new byte[length];
        int at = 0;
        text[at++] = '{';
        for (Entry entry : entries) {
            System.arraycopy(entry.opening, 0, text, at, entry.opening.length);
            at = EscapedText.put(entry.value(labels), text, at + entry.opening.length);
            text[at++] = '"';
            text[at++] = ',';
        }
        text[at - 1] = '}';
        return text;
    }
}
