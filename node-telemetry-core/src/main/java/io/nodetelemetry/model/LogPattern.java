package io.nodetelemetry.model;

/**
 * What lines printed by the same log statement have in common.
 *
 * @param level what the line says of itself
 * @param hash 32 digits of lower-case hexadecimal; equal for equal patterns on every machine, whatever the level
 * @param text the words of the statement, with {@code <*>} for what was inserted
 */
public record LogPattern(LogLevel level, String hash, String text) {}
