package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetry;
import io.nodetelemetry.NodeTelemetryBuilder;
import io.nodetelemetry.NodeTelemetryConfig;
import io.nodetelemetry.NodeTelemetryConfig.CloudMetadata;
import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import io.nodetelemetry.cli.logging.LogLevel;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What flags and variables have set so far; {@link #toBuilder} ends it. The setters take the text of a flag and throw
 * {@link IllegalArgumentException} with the value and what is allowed.
 */
final class Settings {
    static final String LISTEN_DEFAULT = "0.0.0.0:80";

    private final NodeTelemetryBuilder builder = NodeTelemetry.builder();
    private final List<String> warnings = new ArrayList<>();
    private Optional<ListenAddress> listen = Optional.of(ListenAddress.parse(LISTEN_DEFAULT));
    private Optional<URI> otlpEndpoint = Optional.empty();
    private Optional<Protocol> otlpProtocol = Optional.empty();
    private Optional<Duration> otlpInterval = Optional.empty();
    private CloudMetadata metadata = NodeTelemetryConfig.DEFAULTS.cloud().metadata();
    private final LogSettings logs = new LogSettings();
    private LogLevel logLevel = LogLevel.INFO;

    NodeTelemetryBuilder builder() {
        return builder;
    }

    LogSettings logs() {
        return logs;
    }

    LogLevel logLevel() {
        return logLevel;
    }

    /** Things to tell the user that do not stop the program. */
    List<String> warnings() {
        return warnings;
    }

    void listen(String text) {
        listen = text.equals("none") ? Optional.empty() : Optional.of(ListenAddress.parse(text));
    }

    void otlpEndpoint(String text) {
        URI endpoint = uri(text);
        Otlp.to(endpoint, Protocol.HTTP_PROTOBUF); // checks it, while the flag's name is known
        otlpEndpoint = Optional.of(endpoint);
    }

    void otlpProtocol(String text) {
        otlpProtocol = Optional.of(protocol(text));
    }

    void otlpInterval(String text) {
        Duration interval = DurationFormat.parse(text);
        Otlp.to(URI.create("http://localhost"), Protocol.GRPC).withInterval(interval); // checks it, as above
        otlpInterval = Optional.of(interval);
    }

    void maxDestinationsPerContainer(String text) {
        builder.maxDestinationsPerContainer(number(text));
    }

    void cloudMetadataEndpoint(String text) {
        metadata = text.equals("none")
                ? new CloudMetadata(false, metadata.endpoint(), metadata.allowImdsV1())
                : metadata.withEndpoint(uri(text));
    }

    void allowImdsV1(String text) {
        metadata = new CloudMetadata(metadata.enabled(), metadata.endpoint(), SwitchValue.parse(text));
    }

    void logLevel(String text) {
        logLevel = LogLevel.parse(text);
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a URL; allowed is one such as http://localhost:4318", e);
        }
    }

    static Protocol protocol(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "grpc" -> Protocol.GRPC;
            case "http/protobuf" -> Protocol.HTTP_PROTOBUF;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not supported; allowed are grpc and http/protobuf");
        };
    }

    /** Completes what was set with the OpenTelemetry variables. */
    NodeTelemetryBuilder toBuilder(OpenTelemetryVariables variables) throws UsageException {
        builder.cloudMetadata(metadata);
        builder.logs(logs.settings());
        listen.ifPresent(address -> builder.prometheus(address.host(), address.port()));
        Optional<Otlp> push = variables.push(otlpEndpoint, otlpProtocol, otlpInterval);
        push.ifPresent(builder::otlp);
        warnings.addAll(variables.warnings());
        if (listen.isEmpty() && push.isEmpty()) {
            warnings.add("Nothing is reported anywhere: there is no --listen and no --otlp-endpoint.");
        }
        return builder;
    }
}
