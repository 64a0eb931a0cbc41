package io.nodetelemetry.internal.runtime.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls to one gRPC server on a unix socket (gRPC over HTTP/2 with prior knowledge). Calls that follow each other
 * closely share a connection; after a failure, or a second without a call, it is closed, so that a server which starts
 * late or restarts is simply asked again. For one thread.
 */
public final class GrpcChannel {
    private static final int MAX_MESSAGE = 16 << 20;
    private static final int MAX_STATUS_TEXT = 300;
    private static final MediaType GRPC = MediaType.get("application/grpc");

    private final Path socket;
    private final Duration timeout;
    private final ConnectionPool connections = new ConnectionPool(1, 1, TimeUnit.SECONDS);
    /** Made with the first call: it costs some hundred classes, and most machines have no such server. */
    private @Nullable OkHttpClient client;

    /**
     * Opens nothing.
     *
     * @param timeout for one call from connect to the last byte of the answer
     */
    public GrpcChannel(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
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
     * @param request a message in Protocol Buffers' wire format
     * @return the answer's message
     * @throws GrpcStatusException if the server answered with a status other than OK
     * @throws IOException if there was no answer in time, or none that is gRPC
     */
    public byte[] call(String method, Map<String, String> metadata, byte[] request) throws IOException {
        Request.Builder http = new Request.Builder()
                // The name is never looked up; it is what servers see as :authority.
                .url("http://localhost/" + method)
                .header("te", "trailers")
                .header("accept-encoding", "identity")
                .header("grpc-timeout", timeout.toMillis() + "m")
                .header("user-agent", "node-telemetry")
                .post(RequestBody.create(GrpcMessage.frame(request), GRPC));
        metadata.forEach(http::header);
        try (Response response = client().newCall(http.build()).execute()) {
            return message(method, response);
        } catch (GrpcStatusException e) {
            throw e;
        } catch (IOException e) {
            connections.evictAll();
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new IOException("no answer from " + socket + " to " + method + ": " + reason, e);
        }
    }

    private static byte[] message(String method, Response response) throws IOException {
        if (response.code() != 200) {
            throw new IOException("HTTP status " + response.code());
        }
        if (response.header("grpc-status") != null) {
            // The call failed before there was any message: headers and trailers are one.
            throw failed(method, response.headers());
        }
        String type = response.header("content-type");
        if (type == null || !type.startsWith("application/grpc")) {
            throw new IOException("something else than gRPC");
        }
        var message = GrpcMessage.read(response.body().byteStream(), MAX_MESSAGE);
        Headers trailers = response.trailers();
        if (!"0".equals(trailers.get("grpc-status"))) {
            throw failed(method, trailers);
        }
        return message.orElseThrow(() -> new IOException("no message"));
    }

    private static IOException failed(String method, Headers headers) {
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

    private OkHttpClient client() {
        OkHttpClient known = client;
        if (known == null) {
            known = new OkHttpClient.Builder()
                    .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                    .socketFactory(new UnixSocketFactory(socket))
                    .dns(host -> List.of(InetAddress.getLoopbackAddress()))
                    .proxy(Proxy.NO_PROXY)
                    .connectionPool(connections)
                    .callTimeout(timeout)
                    .connectTimeout(timeout)
                    .readTimeout(timeout)
                    .writeTimeout(timeout)
                    .fastFallback(false)
                    .followRedirects(false)
                    .build();
            client = known;
        }
        return known;
    }
}
