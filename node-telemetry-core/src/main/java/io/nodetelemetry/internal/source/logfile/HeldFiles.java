package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Fd;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Files that came to a log's name, opened as they came: who reads may be busy with the lines of others until they are
 * rotated away. From the thread that hears of them to the one that reads.
 */
public final class HeldFiles implements AutoCloseable {
    private static final int MAX_FILES = 64;

    private final Deque<Fd> files = new ArrayDeque<>();
    private boolean closed;

    /** Holds none yet. */
    public HeldFiles() {}

    /** Takes over an open file. One that there is no room for is closed, and missed if nobody else has it. */
    synchronized void offer(Fd file) {
        if (closed || files.size() >= MAX_FILES) {
            file.close();
        } else {
            files.addLast(file);
        }
    }

    /** Hands out the one that came first; null if there is none. */
    synchronized @Nullable Fd poll() {
        return files.pollFirst();
    }

    /** Whether nobody reads the log any more. */
    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        files.forEach(Fd::close);
        files.clear();
    }
}
