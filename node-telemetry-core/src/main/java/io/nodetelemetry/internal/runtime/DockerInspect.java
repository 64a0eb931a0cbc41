package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to {@code GET /containers/<id>/json} (Docker Engine API, "Inspect a container"). Of some hundred fields
 * these are read; all others, and unexpected types, are skipped:
 *
 * <pre>{@code
 * {"Name": "/web",
 *  "Config": {"Image": "nginx:1.27", "Labels": {"app": "web"}},
 *  "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "53/udp": null}}}
 * }</pre>
 */
final class DockerInspect {
    private static final int MAX_PORTS = 1_024;

    /** The default limits of jackson-core hold: depth, length of names and of numbers. */
    private static final JsonFactory JSON = new JsonFactory();

    private String name = "";
    private String image = "";
    private final BoundedLabels labels = new BoundedLabels();
    private final List<SocketAddress> ports = new ArrayList<>();

    private DockerInspect() {}

    /**
     * Parses the answer.
     *
     * @throws IOException if it is not one complete JSON object
     */
    static ContainerMetadata parse(byte[] json) throws IOException {
        DockerInspect inspect = new DockerInspect();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            inspect.container(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON object");
            }
        }
        return ContainerMetadata.EMPTY
                .withName(inspect.name)
                .withImage(inspect.image)
                .withLabels(inspect.labels.asMap())
                .withPublishedPorts(inspect.ports);
    }

    private interface Field {
        void read(String name, JsonParser parser) throws IOException;
    }

    /** Calls for each field of the object that the parser stands at, with the parser at its value. */
    private static void object(JsonParser parser, Field field) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            if (parser.currentToken() != JsonToken.FIELD_NAME) {
                throw new IOException("the JSON is cut off");
            }
            String fieldName = parser.currentName();
            parser.nextToken();
            field.read(fieldName, parser);
        }
    }

    private void container(JsonParser parser) throws IOException {
        object(parser, (field, value) -> {
            switch (field) {
                case "Name" -> name = text(value).replaceFirst("^/", "");
                case "Config" -> config(value);
                case "NetworkSettings" -> networkSettings(value);
                default -> value.skipChildren();
            }
        });
    }

    private void config(JsonParser parser) throws IOException {
        object(parser, (field, value) -> {
            switch (field) {
                case "Image" -> image = text(value);
                case "Labels" -> object(value, (key, text) -> labels.put(key, text(text)));
                default -> value.skipChildren();
            }
        });
    }

    private void networkSettings(JsonParser parser) throws IOException {
        object(parser, (field, value) -> {
            if (field.equals("Ports")) {
                object(value, this::bindings);
            } else {
                value.skipChildren();
            }
        });
    }

    private void bindings(String containerPort, JsonParser value) throws IOException {
        if (!containerPort.endsWith("/tcp") || value.currentToken() != JsonToken.START_ARRAY) {
            value.skipChildren();
            return;
        }
        while (value.nextToken() != JsonToken.END_ARRAY) {
            if (value.currentToken() == null) {
                throw new IOException("the JSON is cut off");
            }
            binding(value);
        }
    }

    private void binding(JsonParser parser) throws IOException {
        String[] hostIpAndPort = {"", ""};
        object(parser, (field, value) -> {
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
        if (value.currentToken() != JsonToken.VALUE_STRING) {
            value.skipChildren();
            return "";
        }
        return BoundedLabels.cut(value.getText());
    }
}
