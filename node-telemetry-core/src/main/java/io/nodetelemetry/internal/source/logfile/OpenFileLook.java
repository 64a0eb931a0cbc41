package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileAccess.Reach;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What a file is that another process has open, without opening it. For one thread. */
public final class OpenFileLook implements AutoCloseable {
    /** Nothing is read. */
    private static final int NO_BYTES = 1;

    private final FileAccess access = new FileAccess(NO_BYTES);
    private final Path procRoot;

    /**
     * Which regular file it is, whatever its names. A file that is gone may have had the same number in its file system, but
     * was made at another time.
     *
     * @param device the file system
     * @param inode of the file in it
     * @param bornNanos when it was made, nanoseconds since the epoch; empty where the file system does not keep that
     */
    public record Identity(long device, long inode, OptionalLong bornNanos) {}

    /** Looks at nothing yet. */
    public OpenFileLook(Path procRoot) {
        this.procRoot = procRoot;
    }

    /** Empty if the process or its file is gone, or if it is no regular one with a name. */
    public Optional<Identity> at(int pid, int fd) {
        try (Fd file = access.find(process(pid) + "/fd/" + fd)) {
            return identity(access.status(file));
        } catch (ErrnoException e) {
            return Optional.empty();
        }
    }

    /**
     * Empty if nothing is there, or no regular file.
     *
     * @param path absolute in the root directory of the process; symbolic links are not followed
     */
    public Optional<Identity> at(int pid, String path) {
        try (Fd root = access.find(process(pid) + "/root");
                Fd file = access.find(root, path.replaceFirst("^/+", ""), Reach.WITHOUT_LINKS)) {
            return identity(access.status(file));
        } catch (ErrnoException e) {
            return Optional.empty();
        }
    }

    private String process(int pid) {
        return procRoot.resolve(Integer.toString(pid)).toString();
    }

    private static Optional<Identity> identity(FileStatus status) {
        return status.type() == FileStatus.Type.REGULAR && status.links() > 0
                ? Optional.of(new Identity(status.device(), status.inode(), status.bornNanos()))
                : Optional.empty();
    }

    @Override
    public void close() {
        access.close();
    }
}
