package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The list of containers that the storage library of Podman, CRI-O and Buildah keeps, {@code containers.json}
 * (containers/storage, "containers.go"). The metadata is written by the engine, as JSON in a string:
 *
 * <pre>{@code
 * [{"id": "fcb2…", "names": ["web"], "image": "26ab…",
 *   "created": "2026-11-23T07:16:07.259676863Z",
 *   "metadata": "{\"image-name\":\"docker.io/library/nginx:1.27\",\"name\":\"web\",\"created-at\":1795418167}"}]
 * }</pre>
 */
final class PodmanRecords {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One container.
     *
     * @param name empty if it has none
     * @param image as it was asked for; empty if it was made of a directory
     * @param createdAt when; empty if that is not told
     */
    record Entry(String name, String image, Optional<Instant> createdAt) {}

    private PodmanRecords() {}

    /**
     * Parses the file.
     *
     * @return by id
     * @throws IOException if it is not one complete JSON array
     */
    static Map<String, Entry> parse(byte[] json) throws IOException {
        Map<String, Entry> entries = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("not a JSON array");
            }
            JsonFields.elements(parser, element -> container(element, entries));
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON array");
            }
        }
        return entries;
    }

    private static void container(JsonParser parser, Map<String, Entry> entries) throws IOException {
        AtomicReference<String> id = new AtomicReference<>("");
        AtomicReference<String> name = new AtomicReference<>("");
        AtomicReference<String> metadata = new AtomicReference<>("");
        AtomicReference<Optional<Instant>> created = new AtomicReference<>(Optional.empty());
        JsonFields.of(parser, (field, value) -> {
            switch (field) {
                case "id" -> id.set(JsonFields.text(value));
                case "names" ->
                    JsonFields.elements(value, element -> {
                        String another = JsonFields.text(element);
                        name.compareAndSet("", another);
                    });
                case "created" -> created.set(JsonFields.instant(value));
                case "metadata" -> metadata.set(JsonFields.text(value));
                default -> value.skipChildren();
            }
        });
        if (!id.get().isEmpty()) {
            entries.put(id.get(), new Entry(BoundedLabels.cut(name.get()), image(metadata.get()), created.get()));
        }
    }

    /** Other engines write other metadata: what is not understood is no image. */
    private static String image(String metadata) {
        AtomicReference<String> image = new AtomicReference<>("");
        try (JsonParser parser = JSON.createParser(metadata)) {
            JsonFields.whole(parser, (field, value) -> {
                if (field.equals("image-name")) {
                    image.set(JsonFields.text(value));
                } else {
                    value.skipChildren();
                }
            });
        } catch (IOException e) {
            return "";
        }
        return BoundedLabels.cut(image.get());
    }
}
