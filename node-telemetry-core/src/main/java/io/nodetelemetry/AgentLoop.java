package io.nodetelemetry;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.CollectorRunner;
import io.nodetelemetry.internal.collectors.lifecycle.LifecycleCollector;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes state: reads all collectors, publishes a snapshot, handles kernel events until the next
 * turn. Turns follow each other at the configured interval, further apart when they take long and sooner while something
 * is waited for that comes in moments, such as the name of a new container.
 */
final class AgentLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
    /** Turns are this many times as far apart as one takes, so that collecting uses two per cent of a core … */
    private static final int DUTY = 50;
    /** … unless that made snapshots older than this. */
    private static final Duration LONGEST_STRETCH = Duration.ofSeconds(3);
    /** The same two figures while something is waited for. */
    private static final int IMPATIENT_DUTY = 10;

    private static final Duration IMPATIENT = Duration.ofMillis(50);
    /** So long before an expected read what is read rarely is read for it. */
    private static final Duration LEAD = Duration.ofMillis(250);
    /** The longest uninterrupted wait; closing takes no longer. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private final CollectorRunner runner;
    private final LifecycleCollector events;
    private final Supplier<List<MetricTable>> selfMetrics;
    private final BooleanSupplier impatient;
    private final InstantSource clock;
    private final Map<String, String> constantLabels;
    private final Duration interval;
    private final CountDownLatch firstSnapshot = new CountDownLatch(1);
    private final ReadForecast reads = new ReadForecast();
    private final Thread thread;
    private @Nullable Runnable afterFirst;
    private volatile @Nullable Snapshot snapshot;
    private volatile boolean stopping;

    AgentLoop(
            CollectorRunner runner,
            LifecycleCollector events,
            Supplier<List<MetricTable>> selfMetrics,
            BooleanSupplier impatient,
            InstantSource clock,
            Map<String, String> constantLabels,
            Duration interval) {
        this.runner = runner;
        this.events = events;
        this.selfMetrics = selfMetrics;
        this.impatient = impatient;
        this.clock = clock;
        this.constantLabels = constantLabels;
        this.interval = interval;
        thread = Thread.ofPlatform().name("nodetelemetry-state").daemon().unstarted(this::run);
    }

    /** Starts, and waits for the first snapshot: what happens from then on is counted. */
    void start(Runnable onFirstSnapshot, Duration longestWait) {
        afterFirst = onFirstSnapshot;
        thread.start();
        try {
            if (!firstSnapshot.await(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Collectors are still starting after {}", longestWait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The latest snapshot, for a reader; null before the first. */
    @Nullable
    Snapshot snapshot() {
        reads.read(System.nanoTime());
        return snapshot;
    }

    private void run() {
        var started = clock.instant();
        try {
            turn(started);
            // That one also loaded programs and classes: it says nothing about the next.
            waitForTurn(System.nanoTime(), 0);
            while (!stopping) {
                long begin = System.nanoTime();
                turn(started);
                long spent = System.nanoTime() - begin;
                waitForTurn(begin, spent);
            }
            turn(started);
        } catch (InterruptedException e) {
            LOG.debug("Interrupted", e);
        } finally {
            runner.close();
            firstSnapshot.countDown();
        }
    }

    private void waitForTurn(long begin, long spent) throws InterruptedException {
        waitUntil(reads.turnBefore(begin + pause(spent), System.nanoTime(), LEAD));
    }

    /** Whether somebody will read what this turn finds. */
    private boolean isReadSoon() {
        long now = System.nanoTime();
        OptionalLong next = reads.next(now);
        return next.isPresent() && next.getAsLong() - now <= 2 * LEAD.toNanos();
    }

    private long pause(long spent) {
        boolean soon = impatient.getAsBoolean();
        long stretched = Math.min(spent * (soon ? IMPATIENT_DUTY : DUTY), LONGEST_STRETCH.toNanos());
        return Math.max((soon ? IMPATIENT : interval).toNanos(), stretched);
    }

    private void turn(Instant started) {
        try {
            List<MetricTable> tables = new ArrayList<>(runner.collect(isReadSoon()));
            tables.addAll(selfMetrics.get());
            snapshot = new Snapshot(started, clock.instant(), constantLabels, tables);
        } catch (RuntimeException e) {
            LOG.warn("Collecting failed; the last snapshot stays", e);
        }
        Runnable once = afterFirst;
        if (once != null) {
            afterFirst = null;
            once.run();
            firstSnapshot.countDown();
        }
    }

    private void waitUntil(long deadline) throws InterruptedException {
        for (long left = deadline - System.nanoTime(); left > 0 && !stopping; left = deadline - System.nanoTime()) {
            events.await(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
        }
    }

    /** Stops after one last turn and closes the collectors; waits for it, not for ever. */
    @Override
    public void close() {
        stopping = true;
        try {
            if (!thread.join(Duration.ofSeconds(1))) {
                LOG.warn("The agent's thread is still busy; it ends when it can");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
