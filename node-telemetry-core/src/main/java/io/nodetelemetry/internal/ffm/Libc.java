package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The few calls of libc that Java has no equal for. All are safe to call from any thread. Where the JVM is told to deny
 * native access, the first use ends in an {@link ExceptionInInitializerError}; {@link Libbpf#load} says so with the remedy
 * and is the call to make first.
 */
public final class Libc {
    static final CLibrary LIBRARY = CLibrary.libc();

    /** Flags of {@link #open}: only those whose numbers x86-64 and arm64 share. */
    public static final int O_RDONLY = LIBRARY.constant("O_RDONLY", 0);

    public static final int O_WRONLY = LIBRARY.constant("O_WRONLY", 1);
    public static final int O_RDWR = LIBRARY.constant("O_RDWR", 2);
    public static final int O_NONBLOCK = LIBRARY.constant("O_NONBLOCK", 0x800);

    /** {@link #statMagic} of cgroup v2 (CGROUP2_SUPER_MAGIC). */
    public static final long CGROUP2_MAGIC = LIBRARY.constant("CGROUP2_SUPER_MAGIC", 0x63677270L);

    private static final int O_CREAT = LIBRARY.constant("O_CREAT", 0x40);
    private static final int O_CLOEXEC = LIBRARY.constant("O_CLOEXEC", 0x80000);

    // mount API of Linux 5.2: fsopen(2), fsconfig(2), fsmount(2); glibc 2.36 and later wrap it, older ones do not.
    private static final long SYS_FSOPEN = LIBRARY.constant("SYS_fsopen", 430L);
    private static final long SYS_FSCONFIG = LIBRARY.constant("SYS_fsconfig", 431L);
    private static final long SYS_FSMOUNT = LIBRARY.constant("SYS_fsmount", 432L);
    private static final int FSOPEN_CLOEXEC = LIBRARY.constant("FSOPEN_CLOEXEC", 1);
    private static final int FSMOUNT_CLOEXEC = LIBRARY.constant("FSMOUNT_CLOEXEC", 1);
    private static final int FSCONFIG_CMD_CREATE = LIBRARY.constant("FSCONFIG_CMD_CREATE", 6);

    private static final int CLONE_NEWNET = LIBRARY.constant("CLONE_NEWNET", 0x40000000);
    private static final int SC_CLK_TCK = LIBRARY.constant("_SC_CLK_TCK", 2);

    private static final int RLIMIT_NOFILE = LIBRARY.constant("RLIMIT_NOFILE", 7);
    private static final StructLayout RLIMIT = LIBRARY.struct(
            "struct rlimit",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("rlim_cur"), ValueLayout.JAVA_LONG.withName("rlim_max")));

    private static final StructLayout STATFS = LIBRARY.struct(
            "struct statfs",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("f_type"),
                    ValueLayout.JAVA_LONG.withName("f_bsize"),
                    ValueLayout.JAVA_LONG.withName("f_blocks"),
                    ValueLayout.JAVA_LONG.withName("f_bfree"),
                    ValueLayout.JAVA_LONG.withName("f_bavail"),
                    MemoryLayout.paddingLayout(32),
                    ValueLayout.JAVA_LONG.withName("f_frsize"),
                    MemoryLayout.paddingLayout(40)));

    private static final MethodHandle OPEN =
            LIBRARY.bindVariadicWithErrno("int open(const char *file, int oflag, ...)", "");
    private static final MethodHandle CLOSE = LIBRARY.bind("int close(int fd)");
    private static final MethodHandle READ = LIBRARY.bindWithErrno("ssize_t read(int fd, void *buf, size_t nbytes)");
    private static final MethodHandle PREAD =
            LIBRARY.bindWithErrno("ssize_t pread(int fd, void *buf, size_t nbytes, off_t offset)");
    private static final MethodHandle GETRLIMIT =
            LIBRARY.bindWithErrno("int getrlimit(int resource, struct rlimit *rlimits)");
    private static final MethodHandle STATFS_CALL =
            LIBRARY.bindWithErrno("int statfs(const char *file, struct statfs *buf)");
    private static final MethodHandle GETPAGESIZE = LIBRARY.bind("int getpagesize(void)");
    private static final MethodHandle SYSCONF = LIBRARY.bind("long sysconf(int name)");
    private static final MethodHandle SETNS = LIBRARY.bindWithErrno("int setns(int fd, int nstype)");
    private static final MethodHandle VSNPRINTF =
            LIBRARY.bind("int vsnprintf(char *s, size_t maxlen, const char *format, va_list arg)");
    private static final MethodHandle FSOPEN =
            LIBRARY.bindVariadicWithErrno("long syscall(long sysno, ...)", "const char *fsname, unsigned int flags");
    private static final MethodHandle FSCONFIG = LIBRARY.bindVariadicWithErrno(
            "long syscall(long sysno, ...)", "int fd, unsigned int cmd, const char *key, const void *value, int aux");
    private static final MethodHandle FSMOUNT = LIBRARY.bindVariadicWithErrno(
            "long syscall(long sysno, ...)", "int fsfd, unsigned int flags, unsigned int attr_flags");

    private Libc() {}

    /**
     * open(2), always with {@code O_CLOEXEC}; the caller closes what it gets.
     *
     * @param flags of the constants here; {@code O_CREAT} is refused, as there is no mode to give
     */
    public static Fd open(Path path, int flags) throws ErrnoException {
        return open(path.toString(), flags);
    }

    /** Opens a directory, for {@link BpfProgram#attachCgroup}; {@code ENOTDIR} for anything else. */
    public static Fd openDirectory(Path path) throws ErrnoException {
        // The dot demands a directory; the number of O_DIRECTORY differs between x86-64 and arm64.
        return open(path.resolve(".").toString(), O_RDONLY);
    }

    private static Fd open(String path, int flags) throws ErrnoException {
        if ((flags & O_CREAT) != 0) {
            throw new IllegalArgumentException("O_CREAT is not supported");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            int fd = (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags | O_CLOEXEC);
            if (fd < 0) {
                throw new ErrnoException("open " + path, Errno.in(errno));
            }
            return new Fd(fd);
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /**
     * A fresh mount of a file system that is attached nowhere: its root directory, gone when it is closed. With
     * {@code cgroup2} the root of the unified hierarchy, on hosts that mount only v1. Needs Linux 5.2 and CAP_SYS_ADMIN.
     */
    public static Fd mountDetached(String fsType) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            long context = (long) FSOPEN.invokeExact(errno, SYS_FSOPEN, arena.allocateFrom(fsType), FSOPEN_CLOEXEC);
            if (context < 0) {
                throw mountFailed("fsopen " + fsType, Errno.in(errno));
            }
            try (Fd configured = new Fd((int) context)) {
                long created = (long) FSCONFIG.invokeExact(
                        errno,
                        SYS_FSCONFIG,
                        configured.number(),
                        FSCONFIG_CMD_CREATE,
                        MemorySegment.NULL,
                        MemorySegment.NULL,
                        0);
                if (created < 0) {
                    throw mountFailed("fsconfig " + fsType, Errno.in(errno));
                }
                long root = (long) FSMOUNT.invokeExact(errno, SYS_FSMOUNT, configured.number(), FSMOUNT_CLOEXEC, 0);
                if (root < 0) {
                    throw mountFailed("fsmount " + fsType, Errno.in(errno));
                }
                return new Fd((int) root);
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    private static ErrnoException mountFailed(String call, int errno) {
        @Nullable
        String hint = switch (errno) {
            case Errno.ENOSYS -> "needs Linux 5.2";
            case Errno.EPERM -> "needs CAP_SYS_ADMIN";
            case Errno.ENODEV -> "the kernel lacks this file system";
            default -> null;
        };
        return new ErrnoException(call, errno, hint);
    }

    /** The inode number of a path; of a cgroup2 directory it is the cgroup's id (Linux 5.5 and later). */
    public static long inode(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:ino");
    }

    /** {@code f_type} of the file system that a path is on (statfs(2)). */
    public static long statMagic(Path path) throws ErrnoException {
        return statfs(path.toString(), Libc::magic);
    }

    private static long magic(MemorySegment statfs) {
        return field(statfs, "f_type");
    }

    /**
     * Sizes of the file system that a path is on (statfs(2)). Waits for as long as the file system takes to answer, which
     * is for ever if it hangs; only a call from a thread that can be spared is safe.
     *
     * @param path in UTF-8, whatever the locale of this process
     */
    public static StatFs statFs(String path) throws ErrnoException {
        return statfs(
                path,
                statfs -> new StatFs(
                        field(statfs, "f_bsize"),
                        field(statfs, "f_frsize"),
                        field(statfs, "f_blocks"),
                        field(statfs, "f_bfree"),
                        field(statfs, "f_bavail")));
    }

    private static long field(MemorySegment statfs, String name) {
        return statfs.get(ValueLayout.JAVA_LONG, STATFS.byteOffset(PathElement.groupElement(name)));
    }

    private static <T> T statfs(String path, Function<MemorySegment, T> reader) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            MemorySegment buffer = arena.allocate(STATFS);
            int result = (int) STATFS_CALL.invokeExact(errno, arena.allocateFrom(path), buffer);
            if (result != 0) {
                throw new ErrnoException("statfs " + path, Errno.in(errno));
            }
            return reader.apply(buffer);
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Bytes per page of memory. */
    public static int pageSize() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Ticks per second of the times that procfs counts in, USER_HZ (sysconf(3), {@code _SC_CLK_TCK}). */
    public static long clockTicksPerSecond() {
        try {
            return (long) SYSCONF.invokeExact(SC_CLK_TCK);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /**
     * Moves the calling thread into a network namespace for the rest of its life (setns(2)): to be called on a platform
     * thread that was made for it and ends soon.
     *
     * @param namespace an open {@code /proc/<pid>/ns/net} or a bind mount of one
     */
    public static void enterNetworkNamespace(Fd namespace) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            int result = (int) SETNS.invokeExact(errno, namespace.number(), CLONE_NEWNET);
            if (result != 0) {
                int reason = Errno.in(errno);
                throw new ErrnoException("setns", reason, reason == Errno.EPERM ? "needs CAP_SYS_ADMIN" : null);
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** How many files this process may have open at once: its soft limit (getrlimit(2), {@code RLIMIT_NOFILE}). */
    public static long maxOpenFiles() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            MemorySegment limits = arena.allocate(RLIMIT);
            int result = (int) GETRLIMIT.invokeExact(errno, RLIMIT_NOFILE, limits);
            if (result != 0) {
                throw new IllegalStateException("getrlimit: " + Errno.name(Errno.in(errno)));
            }
            long soft = limits.get(ValueLayout.JAVA_LONG, RLIMIT.byteOffset(PathElement.groupElement("rlim_cur")));
            // RLIM_INFINITY has all bits set.
            return soft < 0 ? Long.MAX_VALUE : soft;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** open(2) of a path that ends in NUL: the descriptor, or the errno negated. */
    static int openReadOnly(MemorySegment path, MemorySegment errno) {
        try {
            int fd = (int) OPEN.invokeExact(errno, path, O_RDONLY | O_CLOEXEC);
            return fd < 0 ? -Errno.in(errno) : fd;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** pread(2) into the whole buffer: the number of bytes, 0 at the end, or the errno negated. */
    static long readAt(int fd, MemorySegment buffer, long offset, MemorySegment errno) {
        try {
            long read = (long) PREAD.invokeExact(errno, fd, buffer, buffer.byteSize(), offset);
            return read < 0 ? -Errno.in(errno) : read;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** read(2) into the whole buffer: the number of bytes, 0 at the end, or the errno negated. */
    static long read(Fd fd, MemorySegment buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            long read = (long) READ.invokeExact(errno, fd.number(), buffer, buffer.byteSize());
            return read < 0 ? -Errno.in(errno) : read;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** vsnprintf(3): the length of the whole text, or a negative number. {@code arguments} is used up by it. */
    static int format(MemorySegment into, MemorySegment format, MemorySegment arguments) {
        try {
            return (int) VSNPRINTF.invokeExact(into, into.byteSize(), format, arguments);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }
}
