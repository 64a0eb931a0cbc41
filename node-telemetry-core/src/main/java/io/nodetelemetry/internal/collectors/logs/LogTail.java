package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.Bookmark;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import io.nodetelemetry.internal.source.logfile.LineReceiver;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads log files as they grow. For one thread, but for {@link #wakeUp}. */
interface LogTail extends AutoCloseable {
    /** A log that is read. */
    interface Followed extends AutoCloseable {
        /** Whether all is read that there is, and nothing came for so long. */
        boolean isQuietFor(Duration time);

        /** Another process of the container has it open, and may live longer. */
        void seenBy(LogFileLocation.InContainer where);

        /** Where {@link LogTail#resume} can go on when it is closed; empty if there was no file. To be asked before. */
        Optional<Bookmark> mark();

        /** Nothing more is read of it. */
        @Override
        void close();
    }

    /**
     * Reads a log from now on, and gives its lines during {@link #read}.
     *
     * @param held files that another opens as they come; closed with the log; null if there are none
     */
    Followed follow(LogFileLocation where, Beginning at, LineReceiver to, @Nullable HeldFiles held) throws IOException;

    /** Reads on a log that was left. */
    Followed resume(LogFileLocation where, Bookmark mark, LineReceiver to) throws IOException;

    /** Waits until there may be something to read, until it is woken up, or for so long. */
    void await(Duration atMost) throws IOException;

    /** Reads some of each log; true if more is left. */
    boolean read() throws IOException;

    /** Ends a wait, or the next one. For any thread. */
    void wakeUp();

    /** What does not work, and what to do about it; empty if all does. */
    Optional<String> degraded();

    /** What was not read, by reason; zeros included. */
    Map<String, Long> drops();

    @Override
    void close();
}
