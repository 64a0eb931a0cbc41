package io.nodetelemetry.internal.collectors.logs;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What logs are read from. For the thread that reads logs.
 *
 * @param files log files
 * @param journal the machine's journal
 */
record LogInputs(LogTail files, JournalTail journal) implements AutoCloseable {
    /** Opens them, on the thread that reads logs. */
    @FunctionalInterface
    interface Opener {
        LogInputs open() throws IOException;
    }

    /** What was not read, by reason; zeros included. */
    Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(files.drops());
        journal.drops().forEach((reason, count) -> drops.put("journal_" + reason, count));
        return drops;
    }

    /** What does not work, and what to do about it; empty if all does. */
    Optional<String> degraded() {
        return files.degraded().or(journal::degraded);
    }

    @Override
    public void close() {
        files.close();
        journal.close();
    }
}
