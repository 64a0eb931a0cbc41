package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Files that came to a log's name, opened as they came: who reads may be busy with the lines of others until they are
 * rotated away. From the thread that hears of them to the one that reads; neither waits for the other, which may not get
 * to run for a while.
 */
public final class HeldFiles implements AutoCloseable {
    private static final int MAX_FILES = 64;

    /** An engine that packs them keeps a few. */
    private static final int MAX_PACKED = 8;

    /** What all logs share: how many files may be held. For any thread. */
    public static final class Room {
        private static final int SHARE_OF_DESCRIPTORS = 16;
        private static final int MAX_HELD = 1 << 14;

        private final AtomicInteger taken = new AtomicInteger();
        private final int max;

        public Room(int max) {
            this.max = max;
        }

        /** A sixteenth of the files that this process may have open. */
        public static Room ofThisProcess() {
            return new Room((int) Math.min(Libc.maxOpenFiles() / SHARE_OF_DESCRIPTORS, MAX_HELD));
        }

        private boolean take() {
            if (taken.incrementAndGet() <= max) {
                return true;
            }
            taken.decrementAndGet();
            return false;
        }

        private void giveBack() {
            taken.decrementAndGet();
        }
    }

    private final Room room;
    private final Queue<Fd> files = new ConcurrentLinkedQueue<>();
    private final Queue<Fd> packed = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Holds none yet. */
    public HeldFiles(Room room) {
        this.room = room;
    }

    /** Takes over an open file. One that there is no room for is closed, and missed if nobody else has it. */
    void offer(Fd file) {
        if (files.size() >= MAX_FILES) {
            file.close();
        } else {
            add(files, file);
        }
    }

    /** Takes over what a file was packed to, in place of the oldest if there is no room. */
    void offerPacked(Fd file) {
        if (packed.size() >= MAX_PACKED) {
            closeFirst(packed);
        }
        add(packed, file);
    }

    private void add(Queue<Fd> to, Fd file) {
        if (!room.take()) {
            file.close();
            return;
        }
        to.add(file);
        if (closed) {
            // Maybe after the other thread closed all.
            close();
        }
    }

    /** Hands out the one that came first; null if there is none. */
    @Nullable
    Fd poll() {
        return takeFirst(files);
    }

    /** The same for what was packed. */
    @Nullable
    Fd pollPacked() {
        return takeFirst(packed);
    }

    private @Nullable Fd takeFirst(Queue<Fd> from) {
        Fd file = from.poll();
        if (file != null) {
            room.giveBack();
        }
        return file;
    }

    private boolean closeFirst(Queue<Fd> of) {
        Fd file = takeFirst(of);
        if (file != null) {
            file.close();
        }
        return file != null;
    }

    /** Nothing was missed for a while, so nobody needs what was packed. */
    void closePacked() {
        while (closeFirst(packed)) {
            // There may be more.
        }
    }

    /** Whether nobody reads the log any more. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        while (closeFirst(files)) {
            // There may be more.
        }
        closePacked();
    }
}
