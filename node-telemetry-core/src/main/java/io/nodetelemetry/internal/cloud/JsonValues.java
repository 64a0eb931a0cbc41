package io.nodetelemetry.internal.cloud;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values of a JSON document, by where they stand (JSON pointer, RFC 6901, such as {@code /network/0/ip}). */
final class JsonValues {
    /** The default limits of jackson-core hold: depth, length of names and of numbers. */
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> values;

    private JsonValues(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a whole document.
     *
     * @param wanted pointers to the values to keep
     * @throws UnusableAnswerException if it is not JSON
     */
    static JsonValues parse(byte[] json, Set<String> wanted) throws UnusableAnswerException {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    String pointer = parser.getParsingContext().pathAsPointer().toString();
                    if (wanted.contains(pointer)) {
                        found.putIfAbsent(pointer, parser.getText());
                    }
                }
            }
        } catch (IOException e) {
            throw new UnusableAnswerException("it answered with something that is not JSON", e);
        }
        return new JsonValues(found);
    }

    /** The value as text; empty if it is absent, null or blank. */
    Optional<String> text(String pointer) {
        return Optional.ofNullable(values.get(pointer)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
