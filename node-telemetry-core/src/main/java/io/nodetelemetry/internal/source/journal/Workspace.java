package io.nodetelemetry.internal.source.journal;

/** The buffers that all files share, as they are read one after the other. */
final class Workspace implements AutoCloseable {
    /** Where entries are, and the values that came with them. */
    final ByteWindow window = new ByteWindow();

    /** A value that stands elsewhere. */
    final ByteWindow aside = new ByteWindow();

    final Unpacking unpacking;
    final JournalEntry entry = new JournalEntry();

    Workspace(Unpacking unpacking) {
        this.unpacking = unpacking;
    }

    @Override
    public void close() {
        unpacking.close();
    }
}
