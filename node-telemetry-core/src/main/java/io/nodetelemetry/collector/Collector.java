package io.nodetelemetry.collector;

import java.time.Duration;
import java.util.List;

/**
 * One concern: reads a source and returns its metrics. A host adds its own by the builder.
 *
 * <pre>{@code
 * final class LoadAverage implements Collector {
 *     static final MetricFamily LOAD = MetricFamily.gauge("node_load1", "", ValueType.DOUBLE, "Load average.");
 *
 *     public String name() { return "load"; }
 *     public List<MetricFamily> families() { return List.of(LOAD); }
 *     public void start(CollectorContext context) { file = context.procRoot().resolve("loadavg"); }
 *     public List<MetricTable> collect() throws IOException {
 *         return List.of(MetricTable.single(LOAD, Double.parseDouble(Files.readString(file).split(" ")[0])));
 *     }
 *     public void close() {}
 * }
 * }</pre>
 *
 * <p>All methods but {@code name} and {@code families} are called on the agent's own thread, one collector after the
 * other, so a collector needs no locks and must not block: what waits for a network or a hanging file system runs on a
 * thread of the collector's own. The runner times every call, catches what it throws and exports both; a failing
 * collector leaves the others alone.
 */
public interface Collector extends AutoCloseable {
    /** Short, stable, lower case; the {@code collector} label of our own metrics. */
    String name();

    /** All metrics that this collector can ever return; no other collector may return them. */
    List<MetricFamily> families();

    /**
     * Opens the source.
     *
     * @throws CollectorUnavailableException if this machine lacks what is needed; the collector is then off, with that
     *     reason shown, and started again from time to time
     * @throws Exception for a fault; treated alike, with the stack trace logged once
     */
    void start(CollectorContext context) throws Exception;

    /**
     * One read of the source.
     *
     * @return at most one table per family; what is not in it disappears from the outlets
     * @throws Exception if nothing could be read this time; the tables of the last success are then dropped
     */
    List<MetricTable> collect() throws Exception;

    /**
     * How long a result is good for: {@code collect} is not called again before, and its tables are shown until then.
     * The default, zero, means every turn. Who is about to be scraped or to push is read at once if its result is older
     * than a second, so that a reader that comes at regular times sees fresh values whatever the interval.
     */
    default Duration interval() {
        return Duration.ZERO;
    }

    /** Lets go of everything that {@code start} opened. Called once after each successful or failed start. */
    @Override
    void close();
}
