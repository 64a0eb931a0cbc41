package io.nodetelemetry.internal.export;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where and how metrics are pushed.
 *
 * @param protocol how
 * @param endpoint the URL that is called, with its path; {@link #metricsEndpoint} makes one of a base endpoint
 * @param headers sent with each push, for example {@code Authorization}; never logged
 * @param timeout how long one batch may take, retries included; more than 0
 * @param interval from the start of one push to the next; at least 1 s
 * @param gzip whether bodies are compressed
 */
public record OtlpSettings(
        Protocol protocol,
        URI endpoint,
        Map<String, String> headers,
        Duration timeout,
        Duration interval,
        boolean gzip) {
    /** The specification's default for a push. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** The specification's default between two pushes. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);

    /** The transports of OTLP. */
    public enum Protocol {
        /** Port 4317 by convention. */
        GRPC("grpc"),
        /** Port 4318 by convention. */
        HTTP_PROTOBUF("http/protobuf");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }

        /**
         * The protocol of that name, as {@code OTEL_EXPORTER_OTLP_PROTOCOL} spells it.
         *
         * @throws IllegalArgumentException if there is none; the message says which there are
         */
        public static Protocol of(String text) {
            for (Protocol protocol : values()) {
                if (protocol.text.equals(text)) {
                    return protocol;
                }
            }
            throw new IllegalArgumentException("OTLP protocol must be grpc or http/protobuf, not '" + text + "'");
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public OtlpSettings {
        headers = Map.copyOf(headers);
        checkEndpoint(endpoint);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("OTLP timeout must be more than 0, not " + timeout);
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("OTLP interval must be at least 1 s, not " + interval);
        }
    }

    private static void checkEndpoint(URI endpoint) {
        boolean http = "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
        if (!http || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "OTLP endpoint must be a URL such as http://localhost:4318, not '" + endpoint + "'");
        }
    }

    /** The specification's defaults: 60 s, 10 s, no headers, no compression. The endpoint is a base endpoint. */
    public static OtlpSettings of(Protocol protocol, URI baseEndpoint) {
        return new OtlpSettings(
                protocol, metricsEndpoint(protocol, baseEndpoint), Map.of(), DEFAULT_TIMEOUT, DEFAULT_INTERVAL, false);
    }

    /**
     * The URL for metrics under an endpoint for all signals: over HTTP, {@code v1/metrics} is appended to its path. An
     * endpoint that was given for metrics alone ({@code OTEL_EXPORTER_OTLP_METRICS_ENDPOINT}) is used as it is.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp">Endpoint
     *     URLs for OTLP/HTTP</a>
     */
    public static URI metricsEndpoint(Protocol protocol, URI baseEndpoint) {
        checkEndpoint(baseEndpoint);
        if (protocol == Protocol.GRPC) {
            return baseEndpoint;
        }
        String path = baseEndpoint.getRawPath();
        URI directory = path.endsWith("/") ? baseEndpoint : baseEndpoint.resolve(path + "/");
        return directory.resolve("v1/metrics");
    }

    /** Without the headers, which may hold secrets. */
    @Override
    public String toString() {
        return protocol + " to " + endpoint + " every " + interval;
    }
}
