package io.nodetelemetry.internal.source.journal;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was not read, by reason, since the start. For one thread. */
final class JournalDrops {
    /** Why. */
    enum Reason {
        /** Entries that went with their file before they were read: it was removed, emptied, damaged or not readable. */
        UNREAD_ENTRY("unread_entry"),
        /** Entries that are damaged. */
        CORRUPT_ENTRY("corrupt_entry"),
        /** Entries whose message cannot be unpacked. */
        COMPRESSED_ENTRY("compressed_entry"),
        /** Files that are no journal, of a newer format, or damaged. */
        CORRUPT_FILE("corrupt_file"),
        /** Files and directories that cannot be read. */
        UNREADABLE_FILE("unreadable_file"),
        /** Files that are left out, as too many are open. */
        FILE_OVERFLOW("file_overflow");

        private final String label;

        Reason(String label) {
            this.label = label;
        }
    }

    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

    void add(Reason reason, long count) {
        counts.merge(reason, count, Long::sum);
    }

    /** All reasons, also those that did not occur. */
    Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        Arrays.stream(Reason.values()).forEach(reason -> all.put(reason.label, counts.getOrDefault(reason, 0L)));
        return all;
    }
}
