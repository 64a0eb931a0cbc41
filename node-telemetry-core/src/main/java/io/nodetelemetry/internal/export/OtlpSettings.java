package io.nodetelemetry.internal.export;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where and how metrics are pushed; already checked by whoever took it from a person.
 *
 * @param protocol how
 * @param endpoint the URL that is called as it stands: over HTTP with its path, usually {@code /v1/metrics}
 * @param headers sent with each push, for example {@code Authorization}; never logged
 * @param timeout how long one batch may take, retries included; more than 0
 * @param interval from the start of one push to the next; more than 0
 * @param gzip whether bodies are compressed
 */
public record OtlpSettings(
        Protocol protocol,
        URI endpoint,
        Map<String, String> headers,
        Duration timeout,
        Duration interval,
        boolean gzip) {
    /** The transports of OTLP. */
    public enum Protocol {
        /** {@code grpc}; port 4317 by convention. */
        GRPC,
        /** {@code http/protobuf}; port 4318 by convention. */
        HTTP_PROTOBUF
    }

    public OtlpSettings {
        headers = Map.copyOf(headers);
        if (!timeout.isPositive() || !interval.isPositive()) {
            throw new IllegalArgumentException(
                    "OTLP timeout " + timeout + " and interval " + interval + " must be > 0");
        }
    }

    /** Without the headers, which may hold secrets. */
    @Override
    public String toString() {
        return protocol + " to " + endpoint + " every " + interval;
    }
}
