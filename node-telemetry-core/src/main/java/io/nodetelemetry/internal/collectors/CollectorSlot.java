package io.nodetelemetry.internal.collectors;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One collector and how it does: starts it, starts it again now and then while it cannot run, and keeps what it throws
 * from the others. For the agent's thread.
 */
final class CollectorSlot {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorSlot.class);
    private static final Duration RETRY = Duration.ofSeconds(30);
    /** What is younger than this is fresh. */
    private static final Duration FRESH = Duration.ofSeconds(1);
    /** A reason becomes a label. */
    private static final int MAX_REASON = 256;

    private final Collector collector;
    private final LongSupplier nanos;
    private boolean started;
    private boolean up;
    private String reason = "not started";
    private long durationNanos;
    private long failures;
    private long retryAt;
    private boolean collected;
    private long collectedAt;
    private List<MetricTable> tables = List.of();

    CollectorSlot(Collector collector, LongSupplier nanos) {
        this.collector = collector;
        this.nanos = nanos;
        retryAt = nanos.getAsLong();
    }

    void start(CollectorContext context) {
        if (started || nanos.getAsLong() - retryAt < 0) {
            return;
        }
        try {
            collector.start(context);
            started = true;
            collected = false;
            succeeded();
        } catch (Exception | LinkageError e) {
            collectorClose();
            retryAt = nanos.getAsLong() + RETRY.toNanos();
            failed(e);
        }
    }

    List<MetricTable> collect(boolean readSoon) {
        if (!started) {
            return List.of();
        }
        long before = nanos.getAsLong();
        if (collected && isGood(before - collectedAt, readSoon)) {
            return tables;
        }
        collected = true;
        collectedAt = before;
        tables = List.of();
        try {
            List<MetricTable> read = collector.collect();
            checkFamilies(read);
            succeeded();
            tables = read;
        } catch (Exception | LinkageError e) {
            failed(e);
        } finally {
            durationNanos = nanos.getAsLong() - before;
        }
        return tables;
    }

    private boolean isGood(long age, boolean readSoon) {
        return age < (readSoon ? FRESH.toNanos() : Long.MAX_VALUE)
                && age < collector.interval().toNanos();
    }

    private void checkFamilies(List<MetricTable> read) {
        List<MetricFamily> declared = collector.families();
        for (MetricTable table : read) {
            for (MetricFamily family : table.families()) {
                if (!declared.contains(family)) {
                    throw new IllegalStateException("collector " + collector.name() + " returned " + family.name()
                            + ", which it did not declare");
                }
            }
        }
    }

    private void succeeded() {
        if (!up) {
            LOG.debug("Collector {} works", collector.name());
        }
        up = true;
        reason = "";
    }

    private void failed(Throwable cause) {
        failures++;
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String shown = shortened(message);
        if (up || !shown.equals(reason)) {
            if (cause instanceof CollectorUnavailableException) {
                LOG.warn("Collector {} is off: {}", collector.name(), message);
                LOG.debug("Collector {}", collector.name(), cause);
            } else {
                LOG.warn("Collector {} failed", collector.name(), cause);
            }
        }
        up = false;
        reason = shown;
    }

    private static String shortened(String message) {
        return message.length() > MAX_REASON ? message.substring(0, MAX_REASON - 1) + "…" : message;
    }

    CollectorStatus status() {
        String missing = up && collector instanceof PartlyWorking partly
                ? shortened(partly.degraded().orElse(""))
                : reason;
        return new CollectorStatus(collector.name(), up, missing, durationNanos, failures);
    }

    void close() {
        if (started) {
            started = false;
            collectorClose();
        }
    }

    private void collectorClose() {
        try {
            collector.close();
        } catch (RuntimeException e) {
            LOG.warn("Collector {} did not close cleanly", collector.name(), e);
        }
    }
}
