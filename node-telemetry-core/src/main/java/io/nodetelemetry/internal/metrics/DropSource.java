package io.nodetelemetry.internal.metrics;

import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Something that can lose data or detail, and counts it.
 *
 * @param name the {@code source} label
 * @param counts by reason, since the start; called on the agent's thread
 */
public record DropSource(String name, Callable<Map<String, Long>> counts) {}
