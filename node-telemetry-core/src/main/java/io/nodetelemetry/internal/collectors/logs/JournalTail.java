package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.journal.JournalEntries;
import java.util.Map;
import java.util.Optional;

/** Reads the journal as it grows. For one thread. */
interface JournalTail extends AutoCloseable {
    /** Gives some of the entries that are new; true if more is left. */
    boolean read(JournalEntries to);

    /** What was not read, by reason; zeros included. */
    Map<String, Long> drops();

    /** What does not work, and what to do about it; empty if all does. */
    Optional<String> degraded();

    @Override
    void close();
}
