package io.nodetelemetry.internal.ffm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells of changes to files and directories (inotify(7)), and a bell with which another thread ends the
 * waiting (eventfd(2)). For one thread, but {@link #wakeUp}.
 */
public final class Inotify implements AutoCloseable {
    /** Hears of changes. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something happened.
         *
         * @param watch as {@link Inotify#watch} gave it; -1 with {@link Inotify#OVERFLOW}
         * @param mask of the constants here
         * @param name in the directory that is watched; empty where a file is
         */
        void changed(int watch, int mask, String name);
    }

    public static final int MODIFY = Libc.LIBRARY.constant("IN_MODIFY", 2);
    public static final int ATTRIB = Libc.LIBRARY.constant("IN_ATTRIB", 4);
    public static final int MOVED_FROM = Libc.LIBRARY.constant("IN_MOVED_FROM", 0x40);
    public static final int MOVED_TO = Libc.LIBRARY.constant("IN_MOVED_TO", 0x80);
    public static final int CREATE = Libc.LIBRARY.constant("IN_CREATE", 0x100);
    public static final int DELETE = Libc.LIBRARY.constant("IN_DELETE", 0x200);
    public static final int DELETE_SELF = Libc.LIBRARY.constant("IN_DELETE_SELF", 0x400);
    public static final int MOVE_SELF = Libc.LIBRARY.constant("IN_MOVE_SELF", 0x800);

    /** Changes were lost: there were more than {@code fs.inotify.max_queued_events}. */
    public static final int OVERFLOW = Libc.LIBRARY.constant("IN_Q_OVERFLOW", 0x4000);

    /** The watch is gone. */
    public static final int IGNORED = Libc.LIBRARY.constant("IN_IGNORED", 0x8000);

    /** Refuses what is no directory. */
    public static final int ONLY_DIRECTORY = Libc.LIBRARY.constant("IN_ONLYDIR", 0x1000000);

    /** The watch is gone after the first change. */
    public static final int ONCE = (int) Libc.LIBRARY.constant("IN_ONESHOT", 0x80000000L);

    private static final int IN_CLOEXEC = Libc.LIBRARY.constant("IN_CLOEXEC", 0x80000);
    private static final int IN_NONBLOCK = Libc.LIBRARY.constant("IN_NONBLOCK", 0x800);
    private static final int EFD_CLOEXEC = Libc.LIBRARY.constant("EFD_CLOEXEC", 0x80000);
    private static final int EFD_NONBLOCK = Libc.LIBRARY.constant("EFD_NONBLOCK", 0x800);

    private static final StructLayout EVENT = Libc.LIBRARY.struct(
            "struct inotify_event",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("wd"),
                    ValueLayout.JAVA_INT.withName("mask"),
                    ValueLayout.JAVA_INT.withName("cookie"),
                    ValueLayout.JAVA_INT.withName("len")));
    private static final long EVENT_MASK = EVENT.byteOffset(PathElement.groupElement("mask"));
    private static final long EVENT_NAME_LENGTH = EVENT.byteOffset(PathElement.groupElement("len"));

    private static final MethodHandle INOTIFY_INIT1 = Libc.LIBRARY.bindWithErrno("int inotify_init1(int flags)");
    private static final MethodHandle INOTIFY_ADD_WATCH =
            Libc.LIBRARY.bindWithErrno("int inotify_add_watch(int fd, const char *name, unsigned int mask)");
    private static final MethodHandle INOTIFY_RM_WATCH =
            Libc.LIBRARY.bindWithErrno("int inotify_rm_watch(int fd, int wd)");
    private static final MethodHandle EVENTFD =
            Libc.LIBRARY.bindWithErrno("int eventfd(unsigned int count, int flags)");
    private static final MethodHandle WRITE =
            Libc.LIBRARY.bindWithErrno("ssize_t write(int fd, const void *buf, size_t n)");

    private static final int BUFFER = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Errno.room(arena);
    private final MemorySegment buffer = arena.allocate(BUFFER, Long.BYTES);
    private final MemorySegment waited = Sockets.pollRoom(arena, 2);
    private final Fd bell;
    private final @Nullable Fd changes;
    private final int refused;
    private boolean closed;

    /**
     * Watches nothing yet. Where the kernel gives no inotify instance it still waits and can be woken up, and refuses each
     * watch with the errno of that.
     *
     * @throws ErrnoException {@code EMFILE}, if not even an eventfd can be had
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public Inotify() throws ErrnoException {
        try {
            int event = (int) EVENTFD.invokeExact(errno, 0, EFD_CLOEXEC | EFD_NONBLOCK);
            if (event < 0) {
                throw new ErrnoException("eventfd", Errno.in(errno));
            }
            bell = new Fd(event);
            int inotify = (int) INOTIFY_INIT1.invokeExact(errno, IN_CLOEXEC | IN_NONBLOCK);
            changes = inotify < 0 ? null : new Fd(inotify);
            refused = inotify < 0 ? Errno.in(errno) : 0;
        } catch (ErrnoException e) {
            arena.close();
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /**
     * Watches a file or directory. If it is watched already, the mask replaces the one before.
     *
     * @return the number of the watch, the same for each name of the file; or the errno negated
     */
    public int watch(String path, int mask) {
        if (changes == null) {
            return -refused;
        }
        try (Arena call = Arena.ofConfined()) {
            int watch = (int) INOTIFY_ADD_WATCH.invokeExact(errno, changes.number(), call.allocateFrom(path), mask);
            return watch < 0 ? -Errno.in(errno) : watch;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Ends a watch; nothing if it is gone already. */
    public void unwatch(int watch) {
        if (changes == null) {
            return;
        }
        try {
            int ignored = (int) INOTIFY_RM_WATCH.invokeExact(errno, changes.number(), watch);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Waits until something changes, {@link #wakeUp} is called, or the time is over. */
    public void await(long nanos) throws ErrnoException {
        await(nanos, changes);
    }

    /** Waits until {@link #wakeUp} is called or the time is over, whatever changes. */
    public void awaitBell(long nanos) throws ErrnoException {
        await(nanos, null);
    }

    private void await(long nanos, @Nullable Fd other) throws ErrnoException {
        Sockets.pollFor(waited, 0, bell);
        if (other != null) {
            Sockets.pollFor(waited, 1, other);
        }
        Sockets.await(waited, other == null ? 1 : 2, nanos, errno);
        // Reading resets it; that it was not rung is no failure.
        Libc.read(bell, buffer.asSlice(0, Long.BYTES));
    }

    /**
     * Tells what changed, without waiting.
     *
     * @return how many changes were told; there may be more
     */
    public int read(Listener listener) {
        if (changes == null) {
            return 0;
        }
        long length = Libc.read(changes, buffer);
        int told = 0;
        for (long at = 0; at < length; told++) {
            int nameLength = buffer.get(ValueLayout.JAVA_INT, at + EVENT_NAME_LENGTH);
            String name = nameLength == 0 ? "" : buffer.getString(at + EVENT.byteSize(), UTF_8);
            listener.changed(
                    buffer.get(ValueLayout.JAVA_INT, at), buffer.get(ValueLayout.JAVA_INT, at + EVENT_MASK), name);
            at += EVENT.byteSize() + nameLength;
        }
        return told;
    }

    /** Ends the waiting that is under way, or the next one. Any thread may call it, also after {@link #close}. */
    public synchronized void wakeUp() {
        if (closed) {
            return;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment one = call.allocateFrom(ValueLayout.JAVA_LONG, 1);
            long ignored = (long) WRITE.invokeExact(Errno.room(call), bell.number(), one, one.byteSize());
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Ends all watches. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            bell.close();
            if (changes != null) {
                changes.close();
            }
            arena.close();
        }
    }
}
