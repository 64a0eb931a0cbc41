package io.nodetelemetry.internal.runtime.grpc;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls to one gRPC server on a unix socket. Each call has a connection of its own and leaves nothing behind, so a
 * server that starts late or restarts is simply asked again.
 */
public final class GrpcChannel {
    private static final int MAX_MESSAGE = 16 << 20;
    private static final int MAX_STATUS_TEXT = 300;

    private final Path socket;
    private final Duration timeout;
    private final Transport.Connector connector;

    /**
     * Opens nothing.
     *
     * @param timeout for one call from connect to the last byte of the answer
     */
    public GrpcChannel(Path socket, Duration timeout, Transport.Connector connector) {
        this.socket = socket;
        this.timeout = timeout;
        this.connector = connector;
    }

    /** Where the server listens. */
    public Path socket() {
        return socket;
    }

    /**
     * Calls a method.
     *
     * @param method package, service and method, such as {@code grpc.health.v1.Health/Check}
     * @param metadata sent as headers; names in lower case
     * @param request a message in Protocol Buffers' wire format, of less than 64 KiB
     * @return the answer's message
     * @throws GrpcStatusException if the server answered with a status other than OK
     * @throws IOException if there was no answer in time, or none that is gRPC
     */
    public byte[] call(String method, Map<String, String> metadata, byte[] request) throws IOException {
        try (Transport transport = connector.connect(socket, timeout)) {
            Http2Response response = new Http2Exchange(transport, MAX_MESSAGE + GrpcMessage.PREFIX)
                    .run(headers(method, metadata), GrpcMessage.frame(request));
            return message(method, response);
        } catch (GrpcStatusException e) {
            throw e;
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new IOException("no answer from " + socket + " to " + method + ": " + reason, e);
        }
    }

    private Map<String, String> headers(String method, Map<String, String> metadata) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":method", "POST");
        headers.put(":scheme", "http");
        headers.put(":path", '/' + method);
        headers.put(":authority", "localhost");
        headers.put("te", "trailers");
        headers.put("content-type", "application/grpc");
        headers.put("user-agent", "node-telemetry");
        headers.put("grpc-timeout", timeout.toMillis() + "m");
        headers.putAll(metadata);
        return headers;
    }

    private static byte[] message(String method, Http2Response response) throws IOException {
        Map<String, String> headers = response.headers();
        if (!"200".equals(headers.get(":status"))) {
            throw new IOException("HTTP status " + headers.get(":status"));
        }
        if (headers.containsKey("grpc-status")) {
            // The call failed before there was any message: headers and trailers are one.
            throw failed(method, headers);
        }
        if (!headers.getOrDefault("content-type", "").startsWith("application/grpc")) {
            throw new IOException("something else than gRPC");
        }
        Optional<byte[]> message = GrpcMessage.unframe(response.body().toByteArray());
        if (!"0".equals(response.trailers().get("grpc-status"))) {
            throw failed(method, response.trailers());
        }
        return message.orElseThrow(() -> new IOException("no message"));
    }

    private static IOException failed(String method, Map<String, String> headers) {
        String status = headers.get("grpc-status");
        if (status == null || !status.matches("[1-9][0-9]{0,2}")) {
            return new IOException("no valid grpc-status");
        }
        return new GrpcStatusException(Integer.parseInt(status), method, statusText(headers.get("grpc-message")));
    }

    /** Percent-encoded UTF-8, made fit for a log line. */
    private static String statusText(@Nullable String encoded) {
        if (encoded == null) {
            return "";
        }
        String text;
        try {
            text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            text = encoded;
        }
        text = text.replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= MAX_STATUS_TEXT ? text : text.substring(0, MAX_STATUS_TEXT) + '…';
    }
}
