package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Walks through JSON that is not trusted, token by token; what is of another type than expected is skipped. */
final class JsonFields {
    private JsonFields() {}

    /** Reads the value of a field, or skips it with its children. */
    interface Field {
        void read(String name, JsonParser parser) throws IOException;
    }

    /** Reads an element of an array, or skips it with its children. */
    interface Element {
        void read(JsonParser parser) throws IOException;
    }

    /**
     * Calls for each field of the one object that the whole text is.
     *
     * @throws IOException if the text is not one complete JSON object
     */
    static void whole(JsonParser parser, Field field) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
        of(parser, field);
        if (parser.nextToken() != null) {
            throw new IOException("more than one JSON object");
        }
    }

    /** Calls for each field of the object that the parser stands at, with the parser at its value. */
    static void of(JsonParser parser, Field field) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            if (parser.currentToken() != JsonToken.FIELD_NAME) {
                throw new IOException("the JSON is cut off");
            }
            String name = parser.currentName();
            parser.nextToken();
            field.read(name, parser);
        }
    }

    /** The text that the parser stands at; empty if it is something else, which is skipped. */
    static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return "";
        }
        return parser.getText();
    }

    /** The time, as RFC 3339 has it, that the parser stands at; empty for anything else. */
    static Optional<Instant> instant(JsonParser parser) throws IOException {
        try {
            return Optional.of(OffsetDateTime.parse(text(parser)).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Calls for each element of the array that the parser stands at, with the parser at it. */
    static void elements(JsonParser parser, Element element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new IOException("the JSON is cut off");
            }
            element.read(parser);
        }
    }
}
