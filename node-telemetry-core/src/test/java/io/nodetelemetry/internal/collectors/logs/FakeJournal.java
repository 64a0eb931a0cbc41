package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.journal.JournalEntries;
import java.util.Map;
import java.util.Optional;

/** A journal without entries. */
final class FakeJournal implements JournalTail {
    int reads;

    @Override
    public boolean read(JournalEntries to) {
        reads++;
        return false;
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of("corrupt", 1L);
    }

    @Override
    public Optional<String> degraded() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
