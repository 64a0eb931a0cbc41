package io.nodetelemetry.internal.collectors.ping;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/**
 * The tasks of one pass, spread over its time, and no faster than allowed: where there are many requests the pass takes
 * longer. All times are {@link System#nanoTime()}.
 */
final class PingPass {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Queue<PingTask> tasks;
    private final long startNanos;
    private final long spacingNanos;
    private final long nanosPerRequest;
    private long place;
    private long allowedNanos;

    /**
     * Begins a pass.
     *
     * @param lengthNanos over which tasks are spread
     * @param allowedNanos from when on requests may be sent, as the pass before has left it
     */
    PingPass(Collection<PingTask> tasks, long startNanos, long lengthNanos, int maxPerSecond, long allowedNanos) {
        this.tasks = new ArrayDeque<>(tasks);
        this.startNanos = startNanos;
        this.allowedNanos = allowedNanos;
        spacingNanos = lengthNanos / Math.max(1, tasks.size());
        nanosPerRequest = NANOS_PER_SECOND / maxPerSecond;
    }

    boolean isOver() {
        return tasks.isEmpty();
    }

    /** When the next task may begin, unless it is over. */
    long nextNanos() {
        long spread = startNanos + place * spacingNanos;
        return spread - allowedNanos >= 0 ? spread : allowedNanos;
    }

    /** Takes the next task, which is due. */
    PingTask take(long nowNanos) {
        PingTask task = tasks.remove();
        place++;
        allowedNanos = nowNanos + task.targets().size() * nanosPerRequest;
        return task;
    }

    /** From when on more requests may be sent. */
    long allowedNanos() {
        return allowedNanos;
    }
}
