package io.nodetelemetry.internal.collectors;

/**
 * How a collector does.
 *
 * @param name the collector's
 * @param up whether its last start and read succeeded
 * @param reason why it is not up, or what part of it does not work; empty if all does
 * @param durationNanos time the last read took
 * @param failures starts and reads that failed so far
 */
public record CollectorStatus(String name, boolean up, String reason, long durationNanos, long failures) {}
