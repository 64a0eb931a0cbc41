package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** What came back for a request; complete when the stream has ended. */
final class Http2Response {
    private Map<String, String> headers = Map.of();
    private Map<String, String> trailers = Map.of();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** Pseudo-headers included; names are in lower case. Empty as long as there are none. */
    Map<String, String> headers() {
        return headers;
    }

    void setHeaders(Map<String, String> received) {
        headers = received;
    }

    /** Empty if there are none. */
    Map<String, String> trailers() {
        return trailers;
    }

    void setTrailers(Map<String, String> received) {
        trailers = received;
    }

    ByteArrayOutputStream body() {
        return body;
    }
}
