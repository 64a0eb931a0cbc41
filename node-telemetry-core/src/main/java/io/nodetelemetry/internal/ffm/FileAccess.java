package io.nodetelemetry.internal.ffm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Opens and reads files whose path or content is not trusted. A path is first found without opening what stands there
 * ({@code O_PATH}), then looked at, then opened: no device is ever opened by chance, as opening some has effects.
 *
 * <p>Names are UTF-8, whatever the locale of this process. For one thread.
 */
public final class FileAccess implements AutoCloseable {
    /** How far a path may lead. */
    public enum Reach {
        /** Wherever its links lead. */
        ANYWHERE(0),
        /** Below a directory that is taken for {@code /}, and through no symbolic link. */
        IN_ROOT(RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS),
        /** Through no symbolic link at all. */
        WITHOUT_LINKS(RESOLVE_NO_SYMLINKS);

        private final long resolve;

        Reach(long resolve) {
            this.resolve = resolve;
        }
    }

    private static final int AT_FDCWD = Libc.LIBRARY.constant("AT_FDCWD", -100);
    private static final int AT_EMPTY_PATH = Libc.LIBRARY.constant("AT_EMPTY_PATH", 0x1000);
    private static final int O_NOCTTY = Libc.LIBRARY.constant("O_NOCTTY", 0x100);
    private static final int O_CLOEXEC = Libc.LIBRARY.constant("O_CLOEXEC", 0x80000);
    private static final int O_PATH = Libc.LIBRARY.constant("O_PATH", 0x200000);
    private static final long SYS_OPENAT2 = Libc.LIBRARY.constant("SYS_openat2", 437L);
    private static final long RESOLVE_NO_SYMLINKS = Libc.LIBRARY.constant("RESOLVE_NO_SYMLINKS", 4L);
    private static final long RESOLVE_IN_ROOT = Libc.LIBRARY.constant("RESOLVE_IN_ROOT", 0x10L);
    private static final int STATX_BASIC_STATS = Libc.LIBRARY.constant("STATX_BASIC_STATS", 0x7ff);
    private static final int STATX_BTIME = Libc.LIBRARY.constant("STATX_BTIME", 0x800);
    private static final int SEEK_DATA = Libc.LIBRARY.constant("SEEK_DATA", 3);
    private static final int S_IFMT = Libc.LIBRARY.constant("S_IFMT", 0xf000);
    private static final int S_IFREG = Libc.LIBRARY.constant("S_IFREG", 0x8000);
    private static final int S_IFDIR = Libc.LIBRARY.constant("S_IFDIR", 0x4000);

    private static final StructLayout OPEN_HOW = Libc.LIBRARY.struct(
            "struct open_how",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("flags"),
                    ValueLayout.JAVA_LONG.withName("mode"),
                    ValueLayout.JAVA_LONG.withName("resolve")));
    private static final StructLayout STATX = Libc.LIBRARY.struct(
            "struct statx",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("stx_mask"),
                    MemoryLayout.paddingLayout(12),
                    ValueLayout.JAVA_INT.withName("stx_nlink"),
                    MemoryLayout.paddingLayout(8),
                    ValueLayout.JAVA_SHORT.withName("stx_mode"),
                    MemoryLayout.paddingLayout(2),
                    ValueLayout.JAVA_LONG.withName("stx_ino"),
                    ValueLayout.JAVA_LONG.withName("stx_size"),
                    MemoryLayout.paddingLayout(32),
                    ValueLayout.JAVA_LONG.withName("stx_btime.tv_sec"),
                    ValueLayout.JAVA_INT.withName("stx_btime.tv_nsec"),
                    MemoryLayout.paddingLayout(20),
                    ValueLayout.JAVA_LONG.withName("stx_mtime.tv_sec"),
                    ValueLayout.JAVA_INT.withName("stx_mtime.tv_nsec"),
                    MemoryLayout.paddingLayout(12),
                    ValueLayout.JAVA_INT.withName("stx_dev_major"),
                    ValueLayout.JAVA_INT.withName("stx_dev_minor"),
                    MemoryLayout.paddingLayout(112)));
    // Looked up once: a status is asked for with each read.
    private static final long STX_MASK = member("stx_mask");
    private static final long STX_NLINK = member("stx_nlink");
    private static final long STX_MODE = member("stx_mode");
    private static final long STX_INO = member("stx_ino");
    private static final long STX_SIZE = member("stx_size");
    private static final long STX_BTIME_SECONDS = member("stx_btime.tv_sec");
    private static final long STX_BTIME_NANOS = member("stx_btime.tv_nsec");
    private static final long STX_MTIME_SECONDS = member("stx_mtime.tv_sec");
    private static final long STX_MTIME_NANOS = member("stx_mtime.tv_nsec");
    private static final long STX_DEV_MAJOR = member("stx_dev_major");
    private static final long STX_DEV_MINOR = member("stx_dev_minor");

    private static final StructLayout ENTRY = Libc.LIBRARY.structStart(
            "struct dirent",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("d_ino"),
                    ValueLayout.JAVA_LONG.withName("d_off"),
                    ValueLayout.JAVA_SHORT.withName("d_reclen"),
                    ValueLayout.JAVA_BYTE.withName("d_type")));
    private static final long ENTRY_LENGTH = ENTRY.byteOffset(PathElement.groupElement("d_reclen"));

    private static final MethodHandle OPENAT2 = Libc.LIBRARY.bindVariadicWithErrno(
            "long syscall(long sysno, ...)", "int dirfd, const char *path, struct open_how *how, size_t size");
    private static final MethodHandle STATX_CALL = Libc.LIBRARY.bindWithErrno(
            "int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf)");
    private static final MethodHandle LSEEK =
            Libc.LIBRARY.bindWithErrno("off_t lseek(int fd, off_t offset, int whence)");
    private static final MethodHandle GETDENTS64 =
            Libc.LIBRARY.bindWithErrno("ssize_t getdents64(int fd, void *buffer, size_t length)");

    private static final int MAX_PATH = 4_096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Errno.room(arena);
    private final MemorySegment path = arena.allocate(MAX_PATH);
    private final MemorySegment empty = arena.allocateFrom("");
    private final MemorySegment how = arena.allocate(OPEN_HOW);
    private final MemorySegment statx = arena.allocate(STATX);
    private final MemorySegment buffer;

    /**
     * Opens nothing.
     *
     * @param maxReadBytes the most that one read can take
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public FileAccess(int maxReadBytes) {
        buffer = arena.allocate(maxReadBytes, Long.BYTES);
    }

    /** Finds what stands at a path, without opening it: good for {@link #status}, {@link #open} and {@link #find}. */
    public Fd find(String absolute) throws ErrnoException {
        return openAt2(AT_FDCWD, absolute, O_PATH | O_CLOEXEC, Reach.ANYWHERE);
    }

    /** The same, from a directory on. */
    public Fd find(Fd directory, String relative, Reach reach) throws ErrnoException {
        return openAt2(directory.number(), relative, O_PATH | O_CLOEXEC, reach);
    }

    /** Opens what was found for reading. Waits for nobody, whatever it is. */
    public Fd open(Fd found) throws ErrnoException {
        return openAt2(
                AT_FDCWD, magicPath(found), Libc.O_RDONLY | Libc.O_NONBLOCK | O_NOCTTY | O_CLOEXEC, Reach.ANYWHERE);
    }

    /** A path that leads to what is open or found, for this process and as long as it is. */
    public static String magicPath(Fd found) {
        return "/proc/self/fd/" + found.number();
    }

    private Fd openAt2(int directory, String name, int flags, Reach reach) throws ErrnoException {
        byte[] bytes = name.getBytes(UTF_8);
        if (bytes.length >= MAX_PATH) {
            throw new ErrnoException("open " + name, Errno.ENAMETOOLONG);
        }
        MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, bytes.length);
        path.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        how.set(ValueLayout.JAVA_LONG, 0, flags);
        how.set(ValueLayout.JAVA_LONG, 2L * Long.BYTES, reach.resolve);
        try {
            long fd = (long) OPENAT2.invokeExact(errno, SYS_OPENAT2, directory, path, how, OPEN_HOW.byteSize());
            if (fd < 0) {
                throw new ErrnoException("open " + name, Errno.in(errno));
            }
            return new Fd((int) fd);
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** What an open or found file is now. */
    public FileStatus status(Fd file) throws ErrnoException {
        try {
            int result = (int) STATX_CALL.invokeExact(
                    errno, file.number(), empty, AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, statx);
            if (result != 0) {
                throw new ErrnoException("statx " + file, Errno.in(errno));
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
        return new FileStatus(
                (long) intAt(STX_DEV_MAJOR) << Integer.SIZE | Integer.toUnsignedLong(intAt(STX_DEV_MINOR)),
                longAt(STX_INO),
                longAt(STX_SIZE),
                type(statx.get(ValueLayout.JAVA_SHORT, STX_MODE) & S_IFMT),
                intAt(STX_NLINK),
                nanos(STX_MTIME_SECONDS, STX_MTIME_NANOS),
                (intAt(STX_MASK) & STATX_BTIME) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(nanos(STX_BTIME_SECONDS, STX_BTIME_NANOS)));
    }

    private static FileStatus.Type type(int format) {
        if (format == S_IFREG) {
            return FileStatus.Type.REGULAR;
        }
        return format == S_IFDIR ? FileStatus.Type.DIRECTORY : FileStatus.Type.OTHER;
    }

    private int intAt(long offset) {
        return statx.get(ValueLayout.JAVA_INT, offset);
    }

    private long longAt(long offset) {
        return statx.get(ValueLayout.JAVA_LONG, offset);
    }

    private long nanos(long seconds, long nanos) {
        return longAt(seconds) * 1_000_000_000 + intAt(nanos);
    }

    private static long member(String name) {
        return STATX.byteOffset(PathElement.groupElement(name));
    }

    /**
     * Reads from a place of an open file (pread(2)).
     *
     * @param into gets them from index {@code at} on
     * @param length how many at most
     * @return how many; 0 at or beyond the end
     */
    public int read(Fd file, long offset, byte[] into, int at, int length) throws ErrnoException {
        MemorySegment part = buffer.asSlice(0, Math.min(length, buffer.byteSize()));
        long read;
        do {
            read = Libc.readAt(file.number(), part, offset, errno);
        } while (read == -Errno.EINTR);
        if (read < 0) {
            throw new ErrnoException("read " + file, (int) -read);
        }
        MemorySegment.copy(part, ValueLayout.JAVA_BYTE, 0, into, at, (int) read);
        return (int) read;
    }

    /**
     * Where the next data of an open file are (lseek(2)); empty if up to its end there is nothing but a hole.
     *
     * @param offset at or before the end
     */
    public OptionalLong dataFrom(Fd file, long offset) throws ErrnoException {
        try {
            long data = (long) LSEEK.invokeExact(errno, file.number(), offset, SEEK_DATA);
            if (data >= 0) {
                return OptionalLong.of(data);
            }
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
        if (Errno.in(errno) == Errno.ENXIO) {
            return OptionalLong.empty();
        }
        throw new ErrnoException("lseek " + file, Errno.in(errno));
    }

    /**
     * Names of those in a directory that are asked for, in no order.
     *
     * @param directory found, not open
     * @param max how many; those after them are left out
     * @param maxLooked how many are asked for, or some hundreds more: there may be millions
     */
    public List<String> names(Fd directory, Predicate<String> asked, int max, int maxLooked) throws ErrnoException {
        List<String> names = new ArrayList<>();
        int looked = 0;
        try (Fd open = open(directory)) {
            while (true) {
                long length = (long) GETDENTS64.invokeExact(errno, open.number(), buffer, buffer.byteSize());
                if (length < 0) {
                    throw new ErrnoException("getdents64 " + directory, Errno.in(errno));
                }
                for (long at = 0; at < length; at += lengthOfEntry(at)) {
                    looked++;
                    String name = buffer.getString(at + ENTRY.byteSize(), UTF_8);
                    if (names.size() < max && asked.test(name)) {
                        names.add(name);
                    }
                }
                if (length == 0 || looked >= maxLooked) {
                    return names;
                }
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    private int lengthOfEntry(long at) {
        return Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + ENTRY_LENGTH));
    }

    /** Frees the buffers; what was opened is the caller's to close. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
