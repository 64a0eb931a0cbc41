package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Reads small files that the kernel makes up as they are read, thousands at a time, and allocates next to nothing. Each
 * file is taken with one read(2), so that its lines agree with each other.
 *
 * <p>To find and open such a file costs several times what reading it does, so as many as are allowed stay open; the
 * others are opened for each read. A kept file whose cgroup or device is gone is noticed and let go.
 *
 * <p>For one thread.
 */
public final class KernelFileReader implements AutoCloseable {
    private static final int FIRST_CAPACITY = 1 << 14;
    private static final int MAX_CAPACITY = 1 << 20;
    private static final int MAX_PATH = 4_096;

    private final Set<KernelFile> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Errno.room(arena);
    private final MemorySegment path = arena.allocate(MAX_PATH);
    private int maxOpen;
    private MemorySegment buffer = arena.allocate(FIRST_CAPACITY);
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;

    /**
     * Opens nothing yet.
     *
     * @param maxOpen how many files may stay open
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public KernelFileReader(int maxOpen) {
        this.maxOpen = maxOpen;
    }

    /**
     * Reads a file from its beginning.
     *
     * @return false if there is no such file, what it tells of is gone, or the kernel does not offer it: ENOENT,
     *     ENOTDIR, ENODEV, EOPNOTSUPP
     * @throws ErrnoException if it cannot be read for another reason, or is larger than 1 MiB
     */
    public boolean read(KernelFile file) throws ErrnoException {
        int result = file.fd == KernelFile.NOT_OPEN ? -Errno.ENODEV : content(file.fd);
        if (result == -Errno.ENODEV) {
            // Another one may bear the same name by now, such as the cgroup of a container that was started again.
            close(file);
            result = open(file);
        }
        if (result >= 0) {
            length = result;
            return true;
        }
        return switch (-result) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENODEV, Errno.EOPNOTSUPP -> false;
            default -> throw new ErrnoException("read " + file, -result);
        };
    }

    /** What was read last, from index 0 on; overwritten by the next read, and another array if that needs a larger one. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many bytes were read last. */
    public int length() {
        return length;
    }

    /** How many files are open. */
    public int openFiles() {
        return kept.size();
    }

    /** Lets go of a file; it can be read again. */
    public void close(KernelFile file) {
        if (file.fd != KernelFile.NOT_OPEN) {
            Libc.close(file.fd);
            file.fd = KernelFile.NOT_OPEN;
            kept.remove(file);
        }
    }

    /** Opens, reads, and closes unless the file may stay open: the number of bytes, or the errno negated. */
    private int open(KernelFile file) {
        int pathLength = file.directory.length + 1 + file.name.length;
        if (pathLength >= MAX_PATH) {
            return -Errno.ENAMETOOLONG;
        }
        MemorySegment.copy(file.directory, 0, path, ValueLayout.JAVA_BYTE, 0, file.directory.length);
        path.set(ValueLayout.JAVA_BYTE, file.directory.length, (byte) '/');
        MemorySegment.copy(file.name, 0, path, ValueLayout.JAVA_BYTE, file.directory.length + 1L, file.name.length);
        path.set(ValueLayout.JAVA_BYTE, pathLength, (byte) 0);
        int fd = Libc.openReadOnly(path, errno);
        if ((fd == -Errno.EMFILE || fd == -Errno.ENFILE) && !kept.isEmpty()) {
            // The process needs its descriptors elsewhere.
            maxOpen = 0;
            closeAll();
            fd = Libc.openReadOnly(path, errno);
        }
        if (fd < 0) {
            return fd;
        }
        int result = content(fd);
        if (result >= 0 && kept.size() < maxOpen) {
            file.fd = fd;
            kept.add(file);
        } else {
            Libc.close(fd);
        }
        return result;
    }

    /** The whole file by one read, which the kernel fills as far as there is room: the length, or the errno negated. */
    private int content(int fd) {
        while (true) {
            long read = Libc.readAt(fd, buffer, 0, errno);
            if (read == -Errno.EINTR) {
                continue;
            }
            if (read < buffer.byteSize()) {
                if (read > 0) {
                    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) read);
                }
                return (int) read;
            }
            if (buffer.byteSize() >= MAX_CAPACITY) {
                return -Errno.EFBIG;
            }
            grow();
        }
    }

    private void grow() {
        // The smaller ones live until the arena is closed: together they are no larger than the last.
        buffer = arena.allocate(buffer.byteSize() * 2);
        bytes = new byte[(int) buffer.byteSize()];
    }

    private void closeAll() {
        for (KernelFile file : kept) {
            Libc.close(file.fd);
            file.fd = KernelFile.NOT_OPEN;
        }
        kept.clear();
    }

    /** Closes all files and frees the buffers. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            closeAll();
            arena.close();
        }
    }
}
