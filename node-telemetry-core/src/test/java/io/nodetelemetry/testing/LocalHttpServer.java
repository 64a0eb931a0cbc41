package io.nodetelemetry.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP service on loopback that answers as the test decides, and remembers what it was asked. */
public final class LocalHttpServer implements AutoCloseable {
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** How the service behaves; called on a thread per request. */
    @FunctionalInterface
    public interface Behaviour {
        /** The answer to one request. */
        Answer answer(Request request);
    }

    /**
     * What was asked.
     *
     * @param method such as {@code GET}
     * @param target path and query
     * @param headers of each the first value, by lower-case name
     */
    public record Request(String method, String target, Map<String, String> headers) {
        /** Whether the header has that value. */
        public boolean has(String header, String value) {
            return value.equals(headers.get(header));
        }

        /** The target without the query. */
        public String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /**
     * What is answered.
     *
     * @param status HTTP status code
     * @param headers sent with it
     * @param body in UTF-8
     */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** An answer without special headers. */
        public static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body);
        }

        /** 200. */
        public static Answer ok(String body) {
            return of(200, body);
        }

        /** 404, with a page as many services have it. */
        public static Answer notFound() {
            return of(404, "<html><body><h1>404 Not Found</h1></body></html>\n");
        }
    }

    private LocalHttpServer(HttpServer server) {
        this.server = server;
    }

    /** Starts it on a free port. */
    public static LocalHttpServer start(Behaviour behaviour) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            LocalHttpServer started = new LocalHttpServer(server);
            server.createContext("/", exchange -> started.handle(exchange, behaviour));
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange, Behaviour behaviour) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            Request request = new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers);
            exchange.getRequestBody().readAllBytes();
            requests.add(request);
            Answer answer = behaviour.answer(request);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it listens, such as {@code http://127.0.0.1:12345}. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What it was asked so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
