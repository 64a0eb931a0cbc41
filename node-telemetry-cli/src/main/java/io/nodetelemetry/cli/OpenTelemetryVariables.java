package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The {@code OTEL_*} variables that concern metrics, with the meaning that the OpenTelemetry specification gives them
 * (Environment Variable Specification; OTLP Exporter Configuration): an empty variable is an unset one, the variable of
 * the signal goes before the general one, and a number or name that is not understood is warned about and ignored.
 */
final class OpenTelemetryVariables {
    /** Each of them with what it does, for the help text. */
    static final Map<String, String> DOCUMENTED = documented();

    private static final List<String> NOT_SUPPORTED = List.of(
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY",
            "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY");

    private final Map<String, String> environment;
    private final List<String> warnings = new ArrayList<>();

    OpenTelemetryVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What was ignored, and why. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * The push that flags and variables ask for together; a flag goes before a variable.
     *
     * @param endpoint of the flag: the receiver without path of a signal
     * @throws UsageException if an endpoint is not a URL: there is nothing sensible to push to instead
     */
    Optional<Otlp> push(Optional<URI> endpoint, Optional<Protocol> protocol, Optional<Duration> interval)
            throws UsageException {
        if (isTrue("OTEL_SDK_DISABLED")) {
            if (endpoint.isPresent()) {
                warnings.add("OTEL_SDK_DISABLED is true: nothing is pushed to " + endpoint.get());
            }
            return Optional.empty();
        }
        List<String> exporters = exporters();
        if (endpoint.isEmpty() && !exporters.isEmpty() && !exporters.contains("otlp")) {
            return Optional.empty();
        }
        Protocol chosen =
                protocol.or(() -> signalValue("PROTOCOL", Settings::protocol)).orElse(Protocol.HTTP_PROTOBUF);
        Optional<Otlp> push = endpoint.map(base -> Otlp.to(base, chosen));
        if (push.isEmpty()) {
            push = endpointOfVariables(chosen);
        }
        if (push.isEmpty() && exporters.contains("otlp")) {
            int port = chosen == Protocol.GRPC ? 4317 : 4318;
            push = Optional.of(Otlp.to(URI.create("http://localhost:" + port), chosen));
        }
        return push.map(otlp -> complete(otlp, interval));
    }

    private Optional<Otlp> endpointOfVariables(Protocol protocol) throws UsageException {
        String exact = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
        Optional<String> metrics = value(exact);
        if (metrics.isPresent()) {
            // Of this variable alone the path is used as it is.
            Otlp otlp = endpoint(exact, metrics.get(), Protocol.GRPC);
            return Optional.of(new Otlp(
                    otlp.endpoint(), protocol, otlp.interval(), otlp.headers(), otlp.timeout(), otlp.resource()));
        }
        String base = "OTEL_EXPORTER_OTLP_ENDPOINT";
        Optional<String> general = value(base);
        return general.isPresent() ? Optional.of(endpoint(base, general.get(), protocol)) : Optional.empty();
    }

    private static Otlp endpoint(String variable, String text, Protocol protocol) throws UsageException {
        try {
            return Otlp.to(Settings.uri(text), protocol);
        } catch (IllegalArgumentException e) {
            throw new UsageException("environment variable " + variable + ": " + e.getMessage(), e);
        }
    }

    private Otlp complete(Otlp otlp, Optional<Duration> interval) {
        for (String variable : NOT_SUPPORTED) {
            value(variable).ifPresent(set -> warnings.add(variable + " is not supported and has no effect"));
        }
        Otlp result = otlp;
        Optional<Otlp> changed = interval.isPresent()
                ? interval.map(otlp::withInterval)
                : parsed("OTEL_METRIC_EXPORT_INTERVAL", text -> otlp.withInterval(millis(text)));
        result = changed.orElse(result);
        Otlp timed = result;
        result = signalValue("TIMEOUT", text -> timed.withTimeout(millis(text))).orElse(result);
        result = result.withHeaders(
                signalValue("HEADERS", OpenTelemetryVariables::pairs).orElse(Map.of()));
        return result.withResource(resource(otlp.resource()));
    }

    private Map<String, String> resource(Map<String, String> defaults) {
        Map<String, String> attributes = new HashMap<>(defaults);
        parsed("OTEL_RESOURCE_ATTRIBUTES", OpenTelemetryVariables::pairs).ifPresent(attributes::putAll);
        value("OTEL_SERVICE_NAME").ifPresent(name -> attributes.put("service.name", name));
        return attributes;
    }

    private List<String> exporters() {
        List<String> known = new ArrayList<>();
        for (String name : value("OTEL_METRICS_EXPORTER").orElse("").split(",", -1)) {
            switch (name.strip()) {
                case "" -> {}
                case "otlp", "none" -> known.add(name.strip());
                // The Prometheus page is --listen's concern.
                case "prometheus" -> known.add("prometheus");
                default ->
                    warnings.add("OTEL_METRICS_EXPORTER: '" + name.strip()
                            + "' is ignored; otlp, prometheus and none are known");
            }
        }
        return known;
    }

    private boolean isTrue(String variable) {
        String text = value(variable).orElse("false").toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            warnings.add(variable + ": '" + text + "' counts as false; true and false are known");
        }
        return text.equals("true");
    }

    private <T> Optional<T> signalValue(String suffix, Function<String, T> parser) {
        return parsed("OTEL_EXPORTER_OTLP_METRICS_" + suffix, parser)
                .or(() -> parsed("OTEL_EXPORTER_OTLP_" + suffix, parser));
    }

    private <T> Optional<T> parsed(String variable, Function<String, T> parser) {
        try {
            return value(variable).map(parser);
        } catch (IllegalArgumentException e) {
            warnings.add(variable + " is ignored: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> value(String variable) {
        return Optional.ofNullable(environment.get(variable)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Duration millis(String text) {
        try {
            return Duration.ofMillis(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of milliseconds", e);
        }
    }

    /** {@code key1=value1,key2=value2} with percent-encoded values. The text may hold secrets, so no message shows it. */
    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : text.split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1 || pair.substring(0, equals).isBlank()) {
                throw new IllegalArgumentException("it must be key=value pairs with commas between them");
            }
            pairs.put(
                    pair.substring(0, equals).strip(),
                    percentDecoded(pair.substring(equals + 1).strip()));
        }
        return pairs;
    }

    private static String percentDecoded(String text) {
        try {
            // Here a plus is a plus, unlike in a form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a value has a % that is not followed by two hexadecimal digits", e);
        }
    }

    private static Map<String, String> documented() {
        Map<String, String> all = new java.util.LinkedHashMap<>();
        all.put("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "Where to push, exactly.");
        all.put("OTEL_EXPORTER_OTLP_ENDPOINT", "Receiver to push to; v1/metrics is added over HTTP.");
        all.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc or http/protobuf; also _METRICS_PROTOCOL.");
        all.put("OTEL_EXPORTER_OTLP_HEADERS", "key=value,... sent with each push; also _METRICS_HEADERS.");
        all.put("OTEL_EXPORTER_OTLP_TIMEOUT", "Milliseconds for one push (10000); also _METRICS_TIMEOUT.");
        all.put("OTEL_METRIC_EXPORT_INTERVAL", "Milliseconds between pushes (60000).");
        all.put("OTEL_METRICS_EXPORTER", "otlp pushes to localhost if no endpoint is set; none pushes nothing.");
        all.put("OTEL_SERVICE_NAME", "service.name of the resource (node-telemetry).");
        all.put("OTEL_RESOURCE_ATTRIBUTES", "key=value,... added to the resource.");
        all.put("OTEL_SDK_DISABLED", "true pushes nothing, whatever else is set.");
        return java.util.Collections.unmodifiableMap(all);
    }
}
