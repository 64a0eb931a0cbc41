package io.nodetelemetry.internal.source.statfs;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.util.Optional;

/**
 * What is seen at a mount point.
 *
 * @param directory whether it is a directory; else a single file was mounted there
 * @param size of the file system; empty if that gave no sensible answer
 */
public record MountReading(boolean directory, Optional<FileSystemSize> size) {
    /** Asks somebody; {@link MountReading#of} but for tests. */
    public interface Reader {
        /** Reads what is at the path, which may take for ever; empty if there is nothing. */
        Optional<MountReading> read(String path) throws IOException;
    }

    /**
     * Asks the kernel, which may wait for the file system.
     *
     * @return empty if there is nothing at the path, or the process is gone that it leads through
     * @throws IOException if the file system refuses to answer
     */
    static Optional<MountReading> of(String path) throws IOException {
        try {
            return Optional.of(read(path));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static MountReading read(String path) throws ErrnoException {
        try {
            return new MountReading(true, FileSystemSize.of(Libc.statFs(path + "/.")));
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOTDIR) {
                throw e;
            }
            return new MountReading(false, FileSystemSize.of(Libc.statFs(path)));
        }
    }
}
