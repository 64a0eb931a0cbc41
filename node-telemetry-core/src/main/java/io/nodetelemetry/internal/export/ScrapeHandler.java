package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests. Safe for use by several threads. */
final class ScrapeHandler implements HttpHandler {
    /** The request that the current thread serves. */
    static final ScopedValue<Visit> VISIT = ScopedValue.newInstance();

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>NodeTelemetry</title></head>
            <body><h1>NodeTelemetry</h1>
            <ul><li><a href="/metrics">Metrics</a></li><li><a href="/healthz">Health</a></li>
            <li><a href="/readyz">Readiness</a></li></ul></body></html>
            """;

    private final Supplier<? extends @Nullable Snapshot> snapshots;
    private final Visits visits;
    private final PrometheusText text = new PrometheusText();
    private final LongAdder scrapes = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder gatheringErrors = new LongAdder();
    private final LongAdder encodingErrors = new LongAdder();
    private final AtomicBoolean gatheringLogged = new AtomicBoolean();
    private final AtomicBoolean encodingLogged = new AtomicBoolean();

    ScrapeHandler(Supplier<? extends @Nullable Snapshot> snapshots, Visits visits) {
        this.snapshots = snapshots;
        this.visits = visits;
    }

    /**
     * {@inheritDoc}
     *
     * <p>After a failure the exchange is not closed, which would end the answer as if it were whole: the exception makes
     * the server cut the connection.
     */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, 405, TEXT, "only GET and HEAD\n");
            return;
        }
        switch (path == null ? "" : path) {
            case "/metrics" -> metrics(exchange);
            case "/healthz" -> answer(exchange, 200, TEXT, "ok\n");
            case "/readyz" -> ready(exchange);
            case "/" -> answer(exchange, 200, "text/html; charset=utf-8", PAGE);
            default -> answer(exchange, 404, TEXT, "not found; metrics are at /metrics\n");
        }
    }

    private void ready(HttpExchange exchange) throws IOException {
        Snapshot snapshot;
        try {
            snapshot = snapshots.get();
        } catch (RuntimeException e) {
            gatheringFailed(exchange, e);
            return;
        }
        if (snapshot == null) {
            unavailable(exchange, "not ready: the first read of the collectors is under way\n");
        } else {
            answer(exchange, 200, TEXT, "ready\n");
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        Visit visit = VISIT.get();
        boolean placed;
        try {
            placed = visits.takePlace(visit);
        } catch (InterruptedException e) {
            throw new IOException("dropped while waiting for a place", e);
        }
        if (!placed) {
            refused.increment();
            unavailable(exchange, "too many scrapes at once\n");
            return;
        }
        try {
            scrape(exchange, visit);
        } finally {
            visits.giveBack(visit);
        }
    }

    private void scrape(HttpExchange exchange, Visit visit) throws IOException {
        Snapshot snapshot;
        try {
            snapshot = snapshots.get();
        } catch (RuntimeException e) {
            gatheringFailed(exchange, e);
            return;
        }
        if (snapshot == null) {
            unavailable(exchange, "the first read of the collectors is under way\n");
            return;
        }
        ExpositionFormat format =
                ExpositionFormat.negotiate(exchange.getRequestHeaders().getFirst("Accept"));
        boolean gzip = ExpositionFormat.acceptsGzip(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        exchange.getResponseHeaders().set("Content-Type", format.contentType());
        exchange.getResponseHeaders().set("Vary", "Accept, Accept-Encoding");
        // The end of the connection pushes out the last bytes, which Nagle's algorithm would hold back for 40 ms, and
        // leaves no idle connections behind.
        exchange.getResponseHeaders().set("Connection", "close");
        if (gzip) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        try {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = new ScrapeBody(exchange.getResponseBody(), visit);
            if (gzip) {
                writeGzip(snapshot, format, body);
            } else {
                text.write(snapshot, format, body);
            }
            scrapes.increment(); // before the end is sent: then whoever has read it finds it counted
            body.close();
        } catch (IOException e) {
            encodingErrors.increment();
            LOG.debug("scrape by {} not completed", exchange.getRemoteAddress(), e);
            throw e;
        } catch (RuntimeException e) {
            encodingErrors.increment();
            logOnce(encodingLogged, "cannot write metrics", e);
            throw e;
        }
    }

    private void writeGzip(Snapshot snapshot, ExpositionFormat format, OutputStream body) throws IOException {
        FastGzip gzip = new FastGzip(body);
        try {
            text.write(snapshot, format, gzip);
            gzip.finish();
        } finally {
            gzip.abandon();
        }
    }

    private void gatheringFailed(HttpExchange exchange, RuntimeException e) throws IOException {
        gatheringErrors.increment();
        logOnce(gatheringLogged, "no snapshot could be had", e);
        answer(exchange, 500, TEXT, "no snapshot could be had; the reason is in the agent's log\n");
    }

    private static void logOnce(AtomicBoolean logged, String what, RuntimeException e) {
        if (logged.compareAndSet(false, true)) {
            LOG.warn("{}; further failures are counted in promhttp_metric_handler_errors_total", what, e);
        } else {
            LOG.debug("{}", what, e);
        }
    }

    private static void unavailable(HttpExchange exchange, String why) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 503, TEXT, why);
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    void countRefused() {
        refused.increment();
    }

    long scrapes() {
        return scrapes.sum();
    }

    long refused() {
        return refused.sum();
    }

    long gatheringErrors() {
        return gatheringErrors.sum();
    }

    long encodingErrors() {
        return encodingErrors.sum();
    }
}
