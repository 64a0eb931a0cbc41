package io.nodetelemetry.internal.source.journal;

/** Takes the entries of all journals, on the thread that reads. */
public interface JournalEntries {
    /** How many entries it takes for now. What comes after them is not given to it but counted. */
    int room();

    /** Takes an entry, which holds what it holds during the call only. */
    void entry(JournalEntry entry);

    /** That many entries were passed over, as there was no room. */
    void skipped(long entries);
}
