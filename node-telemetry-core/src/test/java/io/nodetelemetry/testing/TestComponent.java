package io.nodetelemetry.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real program that a script of {@code scripts/test} starts, such as Prometheus. It ends with {@link #close()}, or
 * with this JVM however that ends.
 */
public final class TestComponent implements AutoCloseable {
    /** The first start on a machine downloads the program. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final String script;
    private final Map<String, String> properties;

    private TestComponent(String script, Map<String, String> properties) {
        this.script = script;
        this.properties = properties;
    }

    /**
     * Starts a component and waits until it answers.
     *
     * @param script its script's name, such as {@code prometheus.sh}
     */
    public static TestComponent start(String script, String... arguments) {
        List<String> line = new ArrayList<>(List.of(path(script), "start"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--owner", Long.toString(ProcessHandle.current().pid())));
        Map<String, String> properties = new LinkedHashMap<>();
        Command.run(line, Map.of(), START_LIMIT).succeeded().out().lines().forEach(entry -> {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                properties.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        });
        return new TestComponent(script, properties);
    }

    /** A value that the script printed, such as {@code QUERY}. */
    public String property(String key) {
        String value = properties.get(key);
        if (value == null) {
            throw new IllegalArgumentException(script + " prints no " + key + ": " + properties);
        }
        return value;
    }

    /** What another verb of the script prints; the component's folder comes first among its arguments. */
    public String call(String verb, String... arguments) {
        List<String> line = new ArrayList<>(List.of(path(script), verb, property("DIR")));
        line.addAll(List.of(arguments));
        return Command.run(line).succeeded().out();
    }

    @Override
    public void close() {
        call("stop");
    }

    private static String path(String script) {
        return Repository.root().resolve("scripts/test").resolve(script).toString();
    }
}
