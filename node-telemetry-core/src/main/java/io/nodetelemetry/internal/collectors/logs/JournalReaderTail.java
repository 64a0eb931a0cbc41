package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.journal.JournalEntries;
import io.nodetelemetry.internal.source.journal.JournalReader;
import java.util.Map;
import java.util.Optional;

/** Reads the journal from its files. */
record JournalReaderTail(JournalReader reader) implements JournalTail {
    @Override
    public boolean read(JournalEntries to) {
        return reader.read(to);
    }

    @Override
    public Map<String, Long> drops() {
        return reader.drops();
    }

    @Override
    public Optional<String> degraded() {
        return reader.degraded();
    }

    @Override
    public void close() {
        reader.close();
    }
}
