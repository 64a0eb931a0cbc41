package io.nodetelemetry.internal.export;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request under way, from its first byte to the last of the answer. Its thread blocks in the socket's channel, so an
 * interrupt closes the connection: the way to end it that needs no lock which a stuck writer could hold.
 */
final class Visit {
    private final Thread thread;
    private final long started = System.nanoTime();
    private final AtomicBoolean dropped = new AtomicBoolean();
    private volatile long progressed = started;
    private volatile boolean placed;
    private volatile boolean over;

    Visit(Thread thread) {
        this.thread = thread;
    }

    /** The client took some bytes. */
    void progress() {
        progressed = System.nanoTime();
    }

    long nanosWithoutProgress(long now) {
        return now - progressed;
    }

    long nanosSinceStart(long now) {
        return now - started;
    }

    boolean isPlaced() {
        return placed;
    }

    void placed(boolean value) {
        placed = value;
        progress();
    }

    boolean isDropped() {
        return dropped.get();
    }

    /** Ends it. Returns whether this call was the first to do so. */
    boolean drop() {
        if (over || !dropped.compareAndSet(false, true)) {
            return false;
        }
        thread.interrupt();
        return true;
    }

    void over() {
        over = true;
    }
}
