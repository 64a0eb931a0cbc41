package io.nodetelemetry.model;

/**
 * How often a pattern came.
 *
 * @param pattern what the messages have in common
 * @param count how many there were, at least one
 * @param sample the first of them, its secrets masked and its end cut off where it is long
 */
public record LogPatternCount(LogPattern pattern, long count, String sample) {}
