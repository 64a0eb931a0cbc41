package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The few environment variables that tell what a container is. All others stay unread: they hold secrets. */
final class TellingEnvironment {
    /** Nomad's, the token and the metadata of a job not among them. */
    private static final Set<String> NAMES =
            Set.of("NOMAD_NAMESPACE", "NOMAD_JOB_NAME", "NOMAD_GROUP_NAME", "NOMAD_ALLOC_ID", "NOMAD_TASK_NAME");

    private TellingEnvironment() {}

    /** Takes the variable that the parser stands at, {@code "NAME=value"}, if it tells; skips anything else. */
    static void read(JsonParser parser, Map<String, String> into) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return;
        }
        String variable = parser.getText();
        int equals = variable.indexOf('=');
        if (equals > 0 && NAMES.contains(variable.substring(0, equals))) {
            into.put(variable.substring(0, equals), BoundedLabels.cut(variable.substring(equals + 1)));
        }
    }
}
