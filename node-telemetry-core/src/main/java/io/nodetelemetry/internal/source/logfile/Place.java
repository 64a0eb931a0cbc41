package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.List;
import java.util.Optional;

/** The way to a log's files. */
abstract sealed class Place implements AutoCloseable permits HostPlace, ContainerPlace {
    /** What stands at a path: found, not open. */
    record Found(Fd fd, FileStatus status) implements AutoCloseable {
        @Override
        public void close() {
            fd.close();
        }
    }

    final Bench bench;

    Place(Bench bench) {
        this.bench = bench;
    }

    static Place of(LogFileLocation where, Bench bench) {
        return switch (where) {
            case LogFileLocation.OnHost host -> new HostPlace(host, bench);
            case LogFileLocation.InContainer container -> new ContainerPlace(container, bench);
        };
    }

    /**
     * Absolute paths of the log: as it was named, then where its symbolic links lead to one after the other. The last one
     * is the file's, so beside that are the files it was rotated to.
     */
    abstract List<String> paths();

    /** Whether nobody but a runtime makes files beside the log. */
    abstract boolean isOfRuntime();

    /** Finds what stands at an absolute path. */
    abstract Fd findAt(String path) throws ErrnoException;

    /** Whether what was found may be opened and read as a log. */
    boolean mayBeLog(Found found) {
        return found.status().type() == FileStatus.Type.REGULAR;
    }

    /** The file with which following begins, where that is known better than by its path. */
    Optional<Found> first() throws ErrnoException {
        return log();
    }

    /** What stands in the log's place now; empty if nothing does. */
    final Optional<Found> log() throws ErrnoException {
        return find(paths().getFirst());
    }

    /** What stands at an absolute path; empty if nothing does. */
    final Optional<Found> find(String path) throws ErrnoException {
        try {
            return Optional.of(found(findAt(path)));
        } catch (ErrnoException e) {
            if (isAbsence(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether a symbolic link stands in the log's place, wherever it leads. */
    final boolean isLink() throws ErrnoException {
        String path = paths().getFirst();
        try (Fd directory = findAt(parent(path));
                Fd _ = bench.access.find(directory, name(path), FileAccess.Reach.WITHOUT_LINKS)) {
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ELOOP) {
                return true;
            }
            if (isAbsence(e)) {
                return false;
            }
            throw e;
        }
    }

    final Found found(Fd fd) throws ErrnoException {
        try {
            return new Found(fd, bench.access.status(fd));
        } catch (ErrnoException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Whether an error says that there is nothing, nor a process that could see it. */
    boolean isAbsence(ErrnoException e) {
        return e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ESRCH;
    }

    /** The directory of an absolute path. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** The last name of an absolute path. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public abstract void close();
}
