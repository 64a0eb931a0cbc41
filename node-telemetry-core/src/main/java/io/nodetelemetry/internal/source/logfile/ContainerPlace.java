package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileAccess.Reach;
import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log in a container, which may hold whatever the container likes. It is reached through a process in it, by the process'
 * directory in procfs: held open, that answers ESRCH when the process is gone, also when another one has its number.
 * The process' root directory is opened for each search alone, as it would keep the container's file systems mounted.
 *
 * <p>This process may read what those in the container may not, so they must not choose what it reads. The path is the
 * kernel's and leads through no link; a link that stands there is theirs. What a file system like procfs makes up is no log,
 * wherever it is mounted: reading {@code /proc/kmsg} takes messages away from who waits for them.
 */
final class ContainerPlace extends Place {
    private static final String UNLINKED = " (deleted)";

    /**
     * File systems that keep what is written, though no single block device holds them (statfs(2)): tmpfs, ramfs,
     * overlayfs, Btrfs, ZFS, bcachefs, UBIFS.
     */
    private static final Set<Long> STORES =
            Set.of(0x01021994L, 0x858458F6L, 0x794C7630L, 0x9123683EL, 0x2FC12FC1L, 0xCA451A4EL, 0x24051905L);

    private LogFileLocation.InContainer where;
    private @Nullable Fd process;

    ContainerPlace(LogFileLocation.InContainer where, Bench bench) {
        super(bench);
        this.where = where;
    }

    @Override
    List<String> paths() {
        return List.of(where.path());
    }

    /** The very file that the process writes to; what stands at its path if the process closed it. */
    @Override
    Optional<Found> first() throws ErrnoException {
        Path link = where.procRoot().resolve(where.pid() + "/fd/" + where.fd());
        try {
            Fd opened = process();
            String target = Files.readSymbolicLink(link).toString();
            if (target.equals(where.path()) || target.equals(where.path() + UNLINKED)) {
                return Optional.of(found(bench.access.find(opened, "fd/" + where.fd(), Reach.ANYWHERE)));
            }
        } catch (ErrnoException e) {
            if (!isAbsence(e)) {
                throw e;
            }
        } catch (IOException _) {
            // Closed, or the process is gone.
        }
        return log();
    }

    @Override
    boolean isOfRuntime() {
        return false;
    }

    @Override
    Fd findAt(String absolute) throws ErrnoException {
        try (Fd root = bench.access.find(process(), "root", Reach.ANYWHERE)) {
            return bench.access.find(root, absolute, Reach.IN_ROOT);
        }
    }

    @Override
    boolean mayBeLog(Found found) {
        return super.mayBeLog(found) && (found.status().isOnBlockDevice() || isStored(found.fd()));
    }

    private static boolean isStored(Fd file) {
        try {
            return STORES.contains(Libc.statMagic(Path.of(FileAccess.magicPath(file))));
        } catch (ErrnoException e) {
            // A file system that cannot say what it is.
            return false;
        }
    }

    @Override
    boolean isAbsence(ErrnoException e) {
        return super.isAbsence(e) || e.errno() == Errno.ELOOP;
    }

    /** The same log, seen by another process of the container. */
    void seenBy(LogFileLocation.InContainer other) {
        close();
        where = other;
    }

    private Fd process() throws ErrnoException {
        Fd opened = process;
        if (opened == null) {
            opened = bench.access.find(
                    where.procRoot().resolve(Integer.toString(where.pid())).toString());
            bench.hold();
            process = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        if (process != null) {
            bench.release(process);
            process = null;
        }
    }
}
