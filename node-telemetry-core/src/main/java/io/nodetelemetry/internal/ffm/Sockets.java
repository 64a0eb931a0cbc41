package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What all kinds of sockets have in common: socket(2), setsockopt(2), poll(2). */
final class Sockets {
    static final int SOL_SOCKET = Libc.LIBRARY.constant("SOL_SOCKET", 1);
    static final int SOCK_RAW = Libc.LIBRARY.constant("SOCK_RAW", 3);
    static final int SOCK_DGRAM = Libc.LIBRARY.constant("SOCK_DGRAM", 2);
    static final int MSG_DONTWAIT = Libc.LIBRARY.constant("MSG_DONTWAIT", 0x40);
    static final int MSG_TRUNC = Libc.LIBRARY.constant("MSG_TRUNC", 0x20);

    private static final int SOCK_CLOEXEC = Libc.LIBRARY.constant("SOCK_CLOEXEC", 0x80000);
    private static final short POLLIN = (short) Libc.LIBRARY.constant("POLLIN", 1);

    private static final StructLayout POLLFD = Libc.LIBRARY.struct(
            "struct pollfd",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("fd"),
                    ValueLayout.JAVA_SHORT.withName("events"),
                    ValueLayout.JAVA_SHORT.withName("revents")));
    private static final long POLL_FD = POLLFD.byteOffset(PathElement.groupElement("fd"));
    private static final long POLL_EVENTS = POLLFD.byteOffset(PathElement.groupElement("events"));

    private static final MethodHandle SOCKET =
            Libc.LIBRARY.bindWithErrno("int socket(int domain, int type, int protocol)");
    private static final MethodHandle SETSOCKOPT = Libc.LIBRARY.bindWithErrno(
            "int setsockopt(int fd, int level, int optname, const void *optval, unsigned int optlen)");
    private static final MethodHandle POLL =
            Libc.LIBRARY.bindWithErrno("int poll(struct pollfd *fds, unsigned long nfds, int timeout)");

    private Sockets() {}

    /**
     * Opens a socket that programs which this process starts do not inherit.
     *
     * @param name what to call it if that fails
     */
    static Fd open(int domain, int type, int protocol, String name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            int fd = (int) SOCKET.invokeExact(errno, domain, type | SOCK_CLOEXEC, protocol);
            if (fd < 0) {
                throw new ErrnoException(name, Errno.in(errno));
            }
            return new Fd(fd);
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Sets an option: 0, or the errno. */
    static int option(Fd fd, int level, int option, MemorySegment value, MemorySegment errno) {
        try {
            int result = (int) SETSOCKOPT.invokeExact(errno, fd.number(), level, option, value, (int) value.byteSize());
            return result == 0 ? 0 : Errno.in(errno);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Room for that many sockets to be waited for. */
    static MemorySegment pollRoom(Arena arena, int sockets) {
        return arena.allocate(MemoryLayout.sequenceLayout(sockets, POLLFD));
    }

    /** Has a socket waited for: until it can be read, or has something in its error queue. */
    static void pollFor(MemorySegment room, int index, Fd fd) {
        long offset = index * POLLFD.byteSize();
        room.set(ValueLayout.JAVA_INT, offset + POLL_FD, fd.number());
        room.set(ValueLayout.JAVA_SHORT, offset + POLL_EVENTS, POLLIN);
    }

    /** Waits for the first so many sockets of the room. Returns sooner when one has something to tell, and after a signal. */
    static void await(MemorySegment room, int sockets, long nanos, MemorySegment errno) throws ErrnoException {
        try {
            // Rounded up: a wait of less than a millisecond must not become a loop without one.
            int millis = (int) Math.min(nanos / 1_000_000 + 1, Integer.MAX_VALUE);
            int ready = (int) POLL.invokeExact(errno, room, (long) sockets, millis);
            if (ready < 0 && Errno.in(errno) != Errno.EINTR) {
                throw new ErrnoException("poll", Errno.in(errno));
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }
}
