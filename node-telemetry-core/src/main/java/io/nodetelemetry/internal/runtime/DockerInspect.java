package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to {@code GET /containers/<id>/json} (Docker Engine API, "Inspect a container"). Of some hundred fields
 * these are read; all others, and unexpected types, are skipped:
 *
 * <pre>{@code
 * {"Name": "/web",
 *  "Created": "2026-01-01T00:00:00.123456789Z",
 *  "LogPath": "/var/lib/docker/containers/0123…/0123…-json.log",
 *  "HostConfig": {"LogConfig": {"Type": "json-file"}},
 *  "Config": {"Image": "nginx:1.27", "Env": ["NOMAD_TASK_NAME=web"], "Labels": {"app": "web"}},
 *  "Mounts": [{"Type": "bind", "Source": "/srv/data", "Destination": "/data"}],
 *  "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "53/udp": null}}}
 * }</pre>
 */
final class DockerInspect {
    private static final int MAX_PORTS = 1_024;

    /** The default limits of jackson-core hold: depth, length of names and of numbers. */
    private static final JsonFactory JSON = new JsonFactory();

    private String name = "";
    private String image = "";
    private String logPath = "";
    private String logDriver = "";
    private Optional<Instant> createdAt = Optional.empty();
    private final BoundedLabels labels = new BoundedLabels();
    private final Map<String, String> environment = new HashMap<>();
    private final BoundedMounts mounts = new BoundedMounts();
    private final List<SocketAddress> ports = new ArrayList<>();

    private DockerInspect() {}

    /**
     * Parses the answer.
     *
     * @param format of what this engine calls {@code json-file}
     * @throws IOException if it is not one complete JSON object
     */
    static ContainerMetadata parse(byte[] json, ContainerLogFile.Format format) throws IOException {
        DockerInspect inspect = new DockerInspect();
        try (JsonParser parser = JSON.createParser(json)) {
            JsonFields.whole(parser, inspect::field);
        }
        ContainerMetadata metadata = ContainerMetadata.EMPTY
                .withName(inspect.name)
                .withImage(inspect.image)
                .withLabels(inspect.labels.asMap())
                .withEnvironment(inspect.environment)
                .withMounts(inspect.mounts.asList())
                .withPublishedPorts(inspect.ports);
        ContainerMetadata dated = inspect.createdAt.map(metadata::withCreatedAt).orElse(metadata);
        return LogPath.ofDriver(inspect.logDriver, inspect.logPath, format)
                .map(dated::withLogFile)
                .orElse(dated);
    }

    private void field(String field, JsonParser value) throws IOException {
        switch (field) {
            case "Name" -> name = text(value).replaceFirst("^/", "");
            case "Created" -> createdAt = JsonFields.instant(value);
            case "LogPath" -> logPath = JsonFields.text(value);
            case "HostConfig" -> hostConfig(value);
            case "Config" -> config(value);
            case "Mounts" -> JsonFields.elements(value, this::mount);
            case "NetworkSettings" -> networkSettings(value);
            default -> value.skipChildren();
        }
    }

    private void mount(JsonParser parser) throws IOException {
        String[] sourceAndDestination = {"", ""};
        JsonFields.of(parser, (field, value) -> {
            switch (field) {
                case "Source" -> sourceAndDestination[0] = JsonFields.text(value);
                case "Destination" -> sourceAndDestination[1] = JsonFields.text(value);
                default -> value.skipChildren();
            }
        });
        mounts.add(sourceAndDestination[0], sourceAndDestination[1]);
    }

    private void hostConfig(JsonParser parser) throws IOException {
        JsonFields.of(parser, (field, value) -> {
            if (field.equals("LogConfig")) {
                JsonFields.of(value, this::logConfig);
            } else {
                value.skipChildren();
            }
        });
    }

    private void logConfig(String field, JsonParser value) throws IOException {
        if (field.equals("Type")) {
            logDriver = text(value);
        } else {
            value.skipChildren();
        }
    }

    private void config(JsonParser parser) throws IOException {
        JsonFields.of(parser, (field, value) -> {
            switch (field) {
                case "Image" -> image = text(value);
                case "Env" -> JsonFields.elements(value, element -> TellingEnvironment.read(element, environment));
                case "Labels" -> JsonFields.of(value, (key, text) -> labels.put(key, text(text)));
                default -> value.skipChildren();
            }
        });
    }

    private void networkSettings(JsonParser parser) throws IOException {
        JsonFields.of(parser, (field, value) -> {
            if (field.equals("Ports")) {
                JsonFields.of(value, this::bindings);
            } else {
                value.skipChildren();
            }
        });
    }

    private void bindings(String containerPort, JsonParser value) throws IOException {
        if (containerPort.endsWith("/tcp")) {
            JsonFields.elements(value, this::binding);
        } else {
            value.skipChildren();
        }
    }

    private void binding(JsonParser parser) throws IOException {
        String[] hostIpAndPort = {"", ""};
        JsonFields.of(parser, (field, value) -> {
            switch (field) {
                case "HostIp" -> hostIpAndPort[0] = text(value);
                case "HostPort" -> hostIpAndPort[1] = text(value);
                default -> value.skipChildren();
            }
        });
        String host = hostIpAndPort[0];
        String port = hostIpAndPort[1];
        // Only literals of either family, so that nothing is ever looked up; empty is Docker's old way to say all.
        boolean literal =
                host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || (host.contains(":") && host.matches("[0-9a-fA-F:.]+"));
        if (port.matches("[0-9]{1,5}") && (literal || host.isEmpty()) && ports.size() < MAX_PORTS) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= 0xffff) {
                address(host.isEmpty() ? "0.0.0.0" : host, number);
            }
        }
    }

    private void address(String literal, int port) {
        try {
            ports.add(SocketAddress.of(InetAddress.ofLiteral(literal), port));
        } catch (IllegalArgumentException e) {
            // 300.0.0.1: no address of any host.
            return;
        }
    }

    private static String text(JsonParser value) throws IOException {
        return BoundedLabels.cut(JsonFields.text(value));
    }
}
