package io.nodetelemetry.internal.cloud;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about a cloud instance. Values are one line of at most 256 printable characters, whatever the metadata
 * service said. Immutable.
 *
 * @param values what is not known has no entry
 */
public record CloudFacts(Map<CloudFact, String> values) {
    /** Nothing is known. */
    public static final CloudFacts NONE = new CloudFacts(Map.of());

    private static final int MAX_CHARACTERS = 256;

    public CloudFacts {
        Map<CloudFact, String> kept = new EnumMap<>(CloudFact.class);
        values.forEach((fact, value) -> {
            String clean = clean(value);
            if (!clean.isEmpty()) {
                kept.put(fact, clean);
            }
        });
        values = Map.copyOf(kept);
    }

    /** Only whose cloud it is. */
    public static CloudFacts of(CloudProvider provider) {
        return new CloudFacts(Map.of(CloudFact.PROVIDER, provider.label()));
    }

    /** The value; empty if it is not known. */
    public Optional<String> value(CloudFact fact) {
        return Optional.ofNullable(values.get(fact));
    }

    /** Both together; where both know something the others are right. */
    public CloudFacts overriddenBy(CloudFacts others) {
        if (others.values.isEmpty()) {
            return this;
        }
        Map<CloudFact, String> all = new EnumMap<>(CloudFact.class);
        all.putAll(values);
        all.putAll(others.values);
        return new CloudFacts(all);
    }

    /** Without what is invisible or could break a line, and cut off. */
    private static String clean(String value) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < value.length() && kept.length() < MAX_CHARACTERS; ) {
            int character = value.codePointAt(i);
            i += Character.charCount(character);
            if (isPrintable(character) && kept.length() + Character.charCount(character) <= MAX_CHARACTERS) {
                kept.appendCodePoint(character);
            }
        }
        return kept.toString().strip();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
