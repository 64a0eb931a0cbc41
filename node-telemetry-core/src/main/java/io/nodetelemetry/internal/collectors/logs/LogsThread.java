package io.nodetelemetry.internal.collectors.logs;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that reads logs. Its methods are for the agent's thread. */
final class LogsThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogsThread.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(10);

    /** No step takes as long unless it waits for a file system. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Makes the steps that are repeated. */
    interface CycleMaker {
        LogsCycle of(LogInputs inputs);
    }

    private final LogInputs.Opener opener;
    private final CycleMaker cycles;
    private final Duration patience;
    private final Thread thread =
            Thread.ofPlatform().name("nodetelemetry-logs").daemon().unstarted(this::run);
    private volatile LogPlan plan = LogPlan.EMPTY;
    private volatile LogsCycle.Published published = LogsCycle.Published.NOTHING;
    private volatile @Nullable LogTail waiting;
    private volatile @Nullable String fault;
    private volatile long steppedNanos;
    private volatile boolean closed;
    private boolean started;
    /** Of the thread alone. */
    private String lastTold = "";

    /**
     * Starts nothing yet.
     *
     * @param opener called on the thread
     * @param cycles called on the thread
     */
    LogsThread(LogInputs.Opener opener, CycleMaker cycles) {
        this(opener, cycles, PATIENCE);
    }

    /** @param patience with one step before it is said to hang */
    LogsThread(LogInputs.Opener opener, CycleMaker cycles, Duration patience) {
        this.opener = opener;
        this.cycles = cycles;
        this.patience = patience;
    }

    /** What is to be done from now on. The thread begins with the first plan. */
    void follow(LogPlan next) {
        plan = next;
        if (!started) {
            started = true;
            steppedNanos = System.nanoTime();
            thread.start();
        }
        wakeUp();
    }

    /** What was counted last. */
    LogsCycle.Published published() {
        return published;
    }

    /** Why nothing is read; empty unless there was a fault a moment ago or the thread hangs. */
    Optional<String> fault() {
        String told = fault;
        long waited = System.nanoTime() - steppedNanos;
        if (told != null || !started || waited < patience.toNanos()) {
            return Optional.ofNullable(told);
        }
        return Optional.of(("Logs are not read for %d s: a file system does not answer. The stack of the thread %s, and"
                        + " where in the kernel it waits (/proc/<pid>/task/<tid>/stack), tell which")
                .formatted(TimeUnit.NANOSECONDS.toSeconds(waited), thread.getName()));
    }

    private void run() {
        while (!closed) {
            try (LogsCycle cycle = open()) {
                while (!closed) {
                    cycle.step(plan, counted -> published = counted);
                    fault = null;
                    steppedNanos = System.nanoTime();
                }
            } catch (Throwable e) {
                // Errors too, such as a heap that was full for a moment: no thread may end unheard.
                waiting = null;
                tell(e);
                LockSupport.parkNanos(AFTER_FAULT.toNanos());
            }
        }
    }

    /** Logs it once, however often it comes. */
    private void tell(Throwable e) {
        String reason = "Logs are not read for a while: " + e.getMessage();
        fault = reason;
        if (reason.equals(lastTold)) {
            LOG.debug("Logs are not read", e);
        } else {
            LOG.warn("Logs are not read for a while", e);
        }
        lastTold = reason;
    }

    private LogsCycle open() throws IOException {
        LogInputs inputs = opener.open();
        waiting = inputs.files();
        return cycles.of(inputs);
    }

    /** Has the thread look for what is new. For any thread. */
    void wakeUp() {
        LogTail tail = waiting;
        if (tail != null) {
            tail.wakeUp();
        }
    }

    /** Returns at once; the thread ends as soon as what it is about to read is read. */
    @Override
    public void close() {
        closed = true;
        wakeUp();
        LockSupport.unpark(thread);
    }
}
