package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.nodetelemetry.model.ContainerMount;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a low-level runtime is told of a container (opencontainers/runtime-spec, config.md). Of it are read the
 * annotations, some of the environment and what is mounted of the host; the rest, and unexpected types, are skipped:
 *
 * <pre>{@code
 * {"process": {"env": ["NOMAD_TASK_NAME=web"]},
 *  "mounts": [{"destination": "/data", "type": "bind", "source": "/srv/data"}],
 *  "annotations": {"io.kubernetes.cri.container-type": "sandbox"}}
 * }</pre>
 *
 * @param annotations bounded as labels are
 * @param environment what {@link TellingEnvironment} keeps
 * @param mounts without those that show nothing of the host, such as proc
 */
record OciSpec(Map<String, String> annotations, Map<String, String> environment, List<ContainerMount> mounts) {
    static final OciSpec EMPTY = new OciSpec(Map.of(), Map.of(), List.of());

    /** The default limits of jackson-core hold: depth, length of names and of numbers. */
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Parses a specification.
     *
     * @throws IOException if it is not a complete JSON object
     */
    static OciSpec parse(byte[] json) throws IOException {
        BoundedLabels annotations = new BoundedLabels();
        Map<String, String> environment = new HashMap<>();
        BoundedMounts mounts = new BoundedMounts();
        try (JsonParser parser = JSON.createParser(json)) {
            JsonFields.whole(parser, (field, value) -> {
                switch (field) {
                    case "annotations" ->
                        JsonFields.of(value, (key, text) -> annotations.put(key, JsonFields.text(text)));
                    case "mounts" -> JsonFields.elements(value, element -> mount(element, mounts));
                    case "process" -> process(value, environment);
                    default -> value.skipChildren();
                }
            });
        }
        return new OciSpec(annotations.asMap(), environment, mounts.asList());
    }

    private static void process(JsonParser parser, Map<String, String> environment) throws IOException {
        JsonFields.of(parser, (field, value) -> {
            if (field.equals("env")) {
                JsonFields.elements(value, element -> TellingEnvironment.read(element, environment));
            } else {
                value.skipChildren();
            }
        });
    }

    private static void mount(JsonParser parser, BoundedMounts mounts) throws IOException {
        String[] sourceAndDestination = {"", ""};
        JsonFields.of(parser, (field, value) -> {
            switch (field) {
                case "source" -> sourceAndDestination[0] = JsonFields.text(value);
                case "destination" -> sourceAndDestination[1] = JsonFields.text(value);
                default -> value.skipChildren();
            }
        });
        mounts.add(sourceAndDestination[0], sourceAndDestination[1]);
    }
}
