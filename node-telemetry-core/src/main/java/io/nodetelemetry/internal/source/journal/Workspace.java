package io.nodetelemetry.internal.source.journal;

import java.util.function.LongSupplier;

/** The buffers that all files share, as they are read one after the other. */
final class Workspace implements AutoCloseable {
    /** Where entries are, and the values that came with them. */
    final ByteWindow window = new ByteWindow();

    /** A value that stands elsewhere. */
    final ByteWindow aside = new ByteWindow();

    final Unpacking unpacking;
    final JournalEntry entry = new JournalEntry();

    /** Monotonic time. */
    final LongSupplier nanos;

    Workspace(Unpacking unpacking, LongSupplier nanos) {
        this.unpacking = unpacking;
        this.nanos = nanos;
    }

    @Override
    public void close() {
        unpacking.close();
    }
}
