package io.nodetelemetry.internal.collectors.ping;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that asks and waits. Its methods are for the agent's thread. */
final class PingThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PingThread.class);
    /** While answers are awaited: nothing but them ends that wait. */
    private static final long LONGEST_WAIT = Duration.ofMillis(250).toNanos();

    /**
     * From the first answer until all that have come are taken. The kernel has stamped them, so nothing is lost by it, and
     * one who is sent many, be it by others' pings, does not keep us busy.
     */
    private static final long GATHERING = Duration.ofMillis(1).toNanos();

    private static final long AFTER_FAULT = Duration.ofSeconds(10).toNanos();

    private final Supplier<PingCycle> opener;
    private final Thread thread =
            Thread.ofPlatform().name("nodetelemetry-ping").daemon().unstarted(this::run);
    private volatile PingPlan plan = PingPlan.EMPTY;
    private volatile boolean closed;
    private boolean started;

    /**
     * Starts nothing yet.
     *
     * @param opener called on the thread
     */
    PingThread(Supplier<PingCycle> opener) {
        this.opener = opener;
    }

    /** What is to be done from now on. The thread begins with the first plan that has somebody in it. */
    void follow(PingPlan next) {
        plan = next;
        if (!started && !next.members().isEmpty()) {
            started = true;
            thread.start();
        }
    }

    private void run() {
        while (!closed) {
            try (PingCycle cycle = opener.get()) {
                while (!closed) {
                    long due = cycle.step(plan, System.nanoTime());
                    pause(cycle, due - System.nanoTime());
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("Round-trip times are not measured for a while", e);
                LockSupport.parkNanos(AFTER_FAULT);
            }
        }
    }

    private static void pause(PingCycle cycle, long nanos) throws IOException {
        if (nanos <= 0) {
            return;
        }
        long wait = Math.min(nanos, LONGEST_WAIT);
        if (cycle.isWaiting()) {
            cycle.await(wait);
            LockSupport.parkNanos(GATHERING);
        } else {
            LockSupport.parkNanos(nanos);
        }
    }

    /** Returns at once; the thread ends within a quarter of a second. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
