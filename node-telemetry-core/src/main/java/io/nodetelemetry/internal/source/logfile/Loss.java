package io.nodetelemetry.internal.source.logfile;

import java.util.Locale;

/** Why something of a log is not read. */
enum Loss {
    /** A file that was rotated, and compressed or deleted before it was seen, or could not be read for a minute. */
    MISSED_GENERATION,
    /** A file was truncated and no copy of it found: what was written to it last may not have been read. */
    TRUNCATED,
    /** In the log's place stands what is no regular file. */
    NOT_REGULAR,
    /** A file could not be opened or read. It is tried again. */
    UNREADABLE,
    /** There are more logs than are followed. */
    LOG_LIMIT,
    /** Too many files are open. Tried again. */
    DESCRIPTOR_LIMIT,
    /** The beginnings of lines that are not finished yet take too much memory: one was given as it was. */
    UNFINISHED_LIMIT;

    String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
