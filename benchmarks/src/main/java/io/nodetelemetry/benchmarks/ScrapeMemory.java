package io.nodetelemetry.benchmarks;

import io.nodetelemetry.internal.export.PrometheusServer;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process that does nothing but collect and be scraped, so that its memory can be measured from outside: serves
 * generated series on a port and renews them every five seconds, as the agent does. {@code scrape.sh} runs it with the
 * distribution's flags.
 *
 * <p>Arguments: containers, destinations, port.
 */
public final class ScrapeMemory {
    private ScrapeMemory() {}

    /** Serves until killed. */
    public static void main(String[] args) throws IOException, InterruptedException {
        TcpSeries series = new TcpSeries(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        AtomicReference<Snapshot> latest = new AtomicReference<>(series.collect());
        try (PrometheusServer server = PrometheusServer.start("127.0.0.1", Integer.parseInt(args[2]), latest::get)) {
            System.out.println(series.count() + " series on " + server.address());
            while (true) {
                Thread.sleep(5_000);
                latest.set(series.collect());
            }
        }
    }
}
