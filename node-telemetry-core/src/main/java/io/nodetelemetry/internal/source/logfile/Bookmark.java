package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.FileStatus;

/** Where a log was read to when it was left: its file, an offset, and what stands before that. Immutable. */
public final class Bookmark {
    private final FileStatus file;
    private final long position;
    private final Tail tail;

    Bookmark(FileStatus file, long position, Tail tail) {
        this.file = file;
        this.position = position;
        this.tail = tail.copy();
    }

    /** The file, which may have another name by now, or be gone. */
    FileStatus file() {
        return file;
    }

    /** The offset up to which it was read. */
    long position() {
        return position;
    }

    /** What was read of it last. */
    Tail tail() {
        return tail.copy();
    }
}
