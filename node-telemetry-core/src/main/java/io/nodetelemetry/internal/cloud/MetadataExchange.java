package io.nodetelemetry.internal.cloud;

import io.nodetelemetry.internal.http.HttpResponse;
import io.nodetelemetry.internal.http.HttpResponseReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Some requests to one metadata service, all of which must be over at a given time, however slowly it answers. Each has a
 * connection of its own, without a proxy, and no redirect is followed: the questions and their tokens are for this service
 * alone. Answers are at most 64 KiB.
 *
 * <p>For one thread; another may close it, which ends a wait at once. (A host name, which none of the plain services has,
 * is looked up in the time that the resolver takes.)
 */
final class MetadataExchange implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private final URI base;
    private final Duration limit;
    private final Supplier<SocketFactory> tls;
    private final long deadlineNanos;
    private volatile @Nullable Socket open;
    private volatile boolean closed;

    /**
     * Connects to nobody yet.
     *
     * @param base scheme, host and port
     * @param limit for all requests together; it runs from here
     */
    MetadataExchange(URI base, Duration limit) {
        this(base, limit, SSLSocketFactory::getDefault);
    }

    /**
     * The same with its own idea of whom to trust.
     *
     * @param tls asked only if the scheme is https: the certificates of the JVM are megabytes
     */
    MetadataExchange(URI base, Duration limit, Supplier<SocketFactory> tls) {
        this.base = base;
        this.limit = limit;
        this.tls = tls;
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    /**
     * The body of a document.
     *
     * @param headers names and values in turn
     * @return empty if there is no such document (404)
     * @throws UnusableAnswerException for any other status but 200
     * @throws IOException if there is no complete answer in time, or it is too large
     */
    Optional<byte[]> document(String path, String... headers) throws IOException {
        return send("GET", path, limit, headers);
    }

    /**
     * The value that a document consists of.
     *
     * @return empty if there is no such document, or nothing in it
     * @throws UnusableAnswerException also if it is a page rather than a value
     */
    Optional<String> text(String path, String... headers) throws IOException {
        Optional<String> text = document(path, headers)
                .map(body -> new String(body, StandardCharsets.UTF_8).strip())
                .filter(value -> !value.isEmpty());
        if (text.isPresent() && (text.get().startsWith("<") || text.get().indexOf('\n') >= 0)) {
            throw new UnusableAnswerException("GET " + path + " answered with a page, not a value");
        }
        return text;
    }

    /** The answer to a PUT without a body; statuses as for {@link #document}. */
    Optional<byte[]> put(String path, String... headers) throws IOException {
        return put(limit, path, headers);
    }

    /** The same, with less time for this request. */
    Optional<byte[]> put(Duration longest, String path, String... headers) throws IOException {
        return send("PUT", path, longest, headers);
    }

    /**
     * A token as it came.
     *
     * @throws UnusableAnswerException if there is none, or one that cannot be sent back in a header
     */
    static String token(Optional<byte[]> answer) throws UnusableAnswerException {
        String token = new String(answer.orElse(new byte[0]), StandardCharsets.ISO_8859_1).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new UnusableAnswerException("it gave no token");
        }
        return token;
    }

    private Optional<byte[]> send(String method, String path, Duration longest, String... headers) throws IOException {
        HttpResponse answer = exchange(request(method, path, headers), longest);
        return switch (answer.status()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            default -> {
                String document = path.replaceFirst("\\?.*", "");
                throw new UnusableAnswerException(method + " " + document + " answered " + answer.status());
            }
        };
    }

    private byte[] request(String method, String path, String... headers) {
        StringBuilder request = new StringBuilder(
                method + " " + path + " HTTP/1.1\r\nHost: " + base.getRawAuthority() + "\r\nConnection: close\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (method.equals("PUT")) {
            request.append("Content-Length: 0\r\n");
        }
        return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private HttpResponse exchange(byte[] request, Duration longest) throws IOException {
        long deadline = Math.min(deadlineNanos, System.nanoTime() + longest.toNanos());
        try (DeadlineSocket plain = new DeadlineSocket(deadline)) {
            open = plain;
            if (closed) {
                throw new IOException("closed");
            }
            boolean secure = "https".equalsIgnoreCase(base.getScheme());
            int port = base.getPort() >= 0 ? base.getPort() : secure ? 443 : 80;
            plain.connect(InetAddress.getAllByName(base.getHost())[0], port);
            Socket socket = secure ? handshake(plain, port) : plain;
            socket.getOutputStream().write(request);
            ReadableByteChannel bytes = Channels.newChannel(socket.getInputStream());
            return new HttpResponseReader(bytes::read, MAX_BODY_BYTES).read();
        } catch (SocketTimeoutException e) {
            throw new IOException("no complete answer within " + limit.toMillis() + " ms", e);
        } finally {
            open = null;
        }
    }

    private Socket handshake(Socket plain, int port) throws IOException {
        SSLSocket secured = (SSLSocket) ((SSLSocketFactory) tls.get()).createSocket(plain, base.getHost(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        // A socket, unlike an HTTP client, accepts any host's certificate unless told otherwise.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Socket waiting = open;
        if (waiting != null) {
            waiting.close();
        }
    }
}
