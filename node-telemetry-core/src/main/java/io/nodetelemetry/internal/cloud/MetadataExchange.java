package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Some requests to one metadata service, all of which must be over at a given time, however slowly it answers. No proxy
 * and no redirect: the questions and their tokens are for this service alone. Answers are at most 64 KiB. Interrupting
 * the thread ends a wait at once. For one thread; closing leaves no connection and no thread behind.
 */
final class MetadataExchange implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final HttpClient client;
    private final String base;
    private final Duration limit;
    private final long deadlineNanos;

    /**
     * Connects to nobody yet.
     *
     * @param base scheme, host and port
     * @param limit for all requests together; it runs from here
     */
    MetadataExchange(URI base, Duration limit) {
        this.base = base.toString().replaceFirst("/+$", "");
        this.limit = limit;
        deadlineNanos = System.nanoTime() + limit.toNanos();
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(limit)
                .build();
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
        return send(request(path, headers).GET().build(), limit);
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
        return send(request(path, headers).PUT(BodyPublishers.noBody()).build(), longest);
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

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Optional<byte[]> send(HttpRequest request, Duration longest) throws IOException {
        HttpResponse<byte[]> answer = await(
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES)), longest);
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            default ->
                throw new UnusableAnswerException(
                        request.method() + " " + request.uri().getPath() + " answered " + answer.statusCode());
        };
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> sent, Duration longest)
            throws IOException {
        long left = Math.clamp(deadlineNanos - System.nanoTime(), 0, longest.toNanos());
        try {
            return sent.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no complete answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String words = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(words, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            sent.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
