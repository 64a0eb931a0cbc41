package io.nodetelemetry.internal.source.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Keeps copies of entries. */
final class TakenEntries implements JournalEntries {
    /** An entry; bytes beyond ASCII are shown as in Latin 1. */
    record Taken(
            String message,
            boolean cut,
            OptionalInt priority,
            Optional<String> cgroup,
            Optional<String> unit,
            Optional<String> identifier,
            Optional<String> containerId,
            boolean partial,
            long stream) {}

    final List<Taken> entries = new ArrayList<>();
    long skipped;
    private int room;

    TakenEntries() {
        this(Integer.MAX_VALUE);
    }

    TakenEntries(int room) {
        this.room = room;
    }

    @Override
    public int room() {
        return room;
    }

    @Override
    public void entry(JournalEntry entry) {
        room--;
        entries.add(new Taken(
                new String(
                        entry.message(),
                        entry.messageFrom(),
                        entry.messageTo() - entry.messageFrom(),
                        StandardCharsets.ISO_8859_1),
                entry.messageCut(),
                entry.priority(),
                entry.cgroup(),
                entry.unit(),
                entry.identifier(),
                entry.containerId(),
                entry.partial(),
                entry.stream()));
    }

    @Override
    public void skipped(long count) {
        skipped += count;
    }

    List<String> messages() {
        return entries.stream().map(Taken::message).toList();
    }
}
