package io.nodetelemetry.model;

/**
 * For what the tasks of a cgroup waited, summed over the threads that live and those that ended.
 *
 * @param runNanos nanoseconds of being ready to run without running
 * @param blockNanos nanoseconds of waiting for synchronous block I/O
 * @param living threads that live; zombies are among them until they are waited for
 * @param ended threads that ended and are in the sums
 */
public record TaskDelays(long runNanos, long blockNanos, long living, long ended) {
    /** Nobody waited. */
    public static final TaskDelays NONE = new TaskDelays(0, 0, 0, 0);

    /** The sum of both. */
    public TaskDelays plus(TaskDelays other) {
        return new TaskDelays(
                runNanos + other.runNanos, blockNanos + other.blockNanos, living + other.living, ended + other.ended);
    }
}
