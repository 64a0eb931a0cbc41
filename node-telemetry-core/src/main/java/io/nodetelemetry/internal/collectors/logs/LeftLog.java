package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Bookmark;
import java.time.Instant;
import java.util.Optional;

/**
 * A log that is read no more, for now: what was written before that was counted.
 *
 * @param at when it was left
 * @param mark where it was read to; empty if it had no file
 */
record LeftLog(Instant at, Optional<Bookmark> mark) {}
