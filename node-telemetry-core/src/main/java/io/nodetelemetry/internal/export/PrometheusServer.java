package io.nodetelemetry.internal.export;

import com.sun.net.httpserver.HttpServer;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves snapshots to Prometheus over HTTP: {@code /metrics}, {@code /healthz}, {@code /readyz} and a page of links.
 *
 * <pre>{@code
 * try (PrometheusServer server = PrometheusServer.start("127.0.0.1", 9400, snapshots::latest)) { … }
 * }</pre>
 *
 * <p>Each request runs on a virtual thread of its own and streams; what clients can cost is bounded, see
 * {@link ScrapeLimits}. A client that takes nothing for 10 seconds is dropped, earlier if another waits for its place.
 * Safe for use by several threads. Closed by whoever started it; closing ends the scrapes under way.
 */
public final class PrometheusServer implements AutoCloseable {
    private final HttpServer server;
    private final Visits visits;
    private final ScrapeHandler handler;
    private final Thread watch;

    private PrometheusServer(HttpServer server, Supplier<? extends @Nullable Snapshot> snapshots, ScrapeLimits limits) {
        this.server = server;
        visits = new Visits(limits);
        handler = new ScrapeHandler(snapshots, visits);
        watch = Thread.ofPlatform()
                .name("nodetelemetry-scrape-watch")
                .daemon()
                .unstarted(() -> watch(Math.max(1, limits.evictable().toMillis() / 4)));
    }

    /**
     * Listens and serves.
     *
     * @param host an address or name of this machine; {@code 0.0.0.0} for all its addresses
     * @param port 0 for any free one, see {@link #address}
     * @param snapshots asked once per scrape and must not block; null as long as there is no snapshot
     * @throws IOException if it cannot listen there; the message names the address and the remedy
     */
    public static PrometheusServer start(String host, int port, Supplier<? extends @Nullable Snapshot> snapshots)
            throws IOException {
        return start(host, port, snapshots, ScrapeLimits.DEFAULT);
    }

    static PrometheusServer start(
            String host, int port, Supplier<? extends @Nullable Snapshot> snapshots, ScrapeLimits limits)
            throws IOException {
        PrometheusServer started = new PrometheusServer(bind(host, port), snapshots, limits);
        started.server.createContext("/", started.handler);
        started.server.setExecutor(started::dispatch);
        started.server.start();
        started.watch.start();
        return started;
    }

    private static HttpServer bind(String host, int port) throws IOException {
        String where = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        if (port < 0 || port > 65_535) {
            throw new IOException("cannot listen on " + where + ": ports go from 1 to 65535 (0 for any free one)");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + where
                    + ": the host name is not known; give an address of this machine, or 0.0.0.0 for all of them");
        }
        try {
            return HttpServer.create(address, 0);
        } catch (SocketException e) {
            BindException explained = new BindException("cannot listen on " + where + ": " + remedy(e, port));
            explained.initCause(e);
            throw explained;
        }
    }

    private static String remedy(SocketException e, int port) {
        String reason = String.valueOf(e.getMessage());
        String known = reason.toLowerCase(Locale.ROOT);
        if (known.contains("in use")) {
            return "the port is taken; choose another, or stop what listens there (ss -ltnp 'sport = :" + port + "')";
        }
        if (known.contains("permission")) {
            return "no permission; ports below 1024 need root or CAP_NET_BIND_SERVICE, or choose a higher port";
        }
        if (known.contains("cannot assign") || known.contains("not available")) {
            return "not an address of this machine (ip address); 0.0.0.0 stands for all of them";
        }
        return reason;
    }

    /** Called by the server's own thread: must not block. A rejection makes it close the connection. */
    private void dispatch(Runnable exchange) {
        Visit[] visit = new Visit[1];
        Thread thread = Thread.ofVirtual().name("nodetelemetry-http").unstarted(() -> {
            try {
                ScopedValue.where(ScrapeHandler.VISIT, visit[0]).run(exchange);
            } finally {
                visits.leave(visit[0]);
            }
        });
        visit[0] = new Visit(thread);
        if (!visits.admit(visit[0])) {
            handler.countRefused();
            throw new RejectedExecutionException("too many requests at once");
        }
        LockSupport.unpark(watch);
        thread.start();
    }

    private void watch(long periodMillis) {
        try {
            while (true) {
                // A permit that came before makes this return at once; an interrupt does, and is seen by the sleep.
                if (visits.isEmpty()) {
                    LockSupport.park();
                }
                Thread.sleep(periodMillis);
                visits.dropStalled();
            }
        } catch (InterruptedException closed) {
            // The end of this thread is all that close() asks for.
        }
    }

    /** Where it listens, with the port that was found if any would do. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Scrapes that were answered in full. */
    public long scrapes() {
        return handler.scrapes();
    }

    /** Clients that were dropped because they took nothing, or too long. */
    public long droppedScrapes() {
        return visits.dropped();
    }

    /** Scrapes that were answered 503, or not at all, for want of room. */
    public long refusedScrapes() {
        return handler.refused();
    }

    int placesTaken() {
        return visits.placesTaken();
    }

    /** Scrapes that failed because no snapshot could be had. */
    public long gatheringErrors() {
        return handler.gatheringErrors();
    }

    /** Scrapes that failed while they were written; a client that went away or was dropped is one. */
    public long encodingErrors() {
        return handler.encodingErrors();
    }

    @Override
    public void close() {
        watch.interrupt();
        visits.close();
        server.stop(0);
    }
}
