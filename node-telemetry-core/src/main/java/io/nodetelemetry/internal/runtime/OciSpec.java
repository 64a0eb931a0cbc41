package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nodetelemetry.model.ContainerMount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a low-level runtime is told of a container (opencontainers/runtime-spec, config.md). Of it are read the
 * annotations and what is mounted of the host; the rest, and unexpected types, are skipped:
 *
 * <pre>{@code
 * {"mounts": [{"destination": "/data", "type": "bind", "source": "/srv/data"}],
 *  "annotations": {"io.kubernetes.cri.container-type": "sandbox"}}
 * }</pre>
 *
 * @param annotations bounded as labels are
 * @param mounts without those that show nothing of the host, such as proc
 */
record OciSpec(Map<String, String> annotations, List<ContainerMount> mounts) {
    static final OciSpec EMPTY = new OciSpec(Map.of(), List.of());

    private static final int MAX_MOUNTS = 256;

    /** The default limits of jackson-core hold: depth, length of names and of numbers. */
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Parses a specification.
     *
     * @throws IOException if it is not a complete JSON object
     */
    static OciSpec parse(byte[] json) throws IOException {
        BoundedLabels annotations = new BoundedLabels();
        List<ContainerMount> mounts = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            object(parser, (field, value) -> {
                switch (field) {
                    case "annotations" -> object(value, (key, text) -> annotations.put(key, text(text)));
                    case "mounts" -> mounts(value, mounts);
                    default -> value.skipChildren();
                }
            });
        }
        return new OciSpec(annotations.asMap(), mounts);
    }

    private interface Field {
        void read(String name, JsonParser value) throws IOException;
    }

    private static void object(JsonParser parser, Field field) throws IOException {
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

    private static void mounts(JsonParser parser, List<ContainerMount> mounts) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new IOException("the JSON is cut off");
            }
            String[] sourceAndDestination = {"", ""};
            object(parser, (field, value) -> {
                switch (field) {
                    case "source" -> sourceAndDestination[0] = text(value);
                    case "destination" -> sourceAndDestination[1] = text(value);
                    default -> value.skipChildren();
                }
            });
            // The source of proc, tmpfs and the like is a word.
            if (sourceAndDestination[0].startsWith("/") && mounts.size() < MAX_MOUNTS) {
                mounts.add(new ContainerMount(sourceAndDestination[0], sourceAndDestination[1]));
            }
        }
    }

    private static String text(JsonParser value) throws IOException {
        if (value.currentToken() != JsonToken.VALUE_STRING) {
            value.skipChildren();
            return "";
        }
        return value.getText();
    }
}
