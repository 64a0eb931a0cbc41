package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code /proc/<pid>/exe}: the file that a process runs, which opens even if it is deleted or in another mount namespace
 * (proc_pid_exe(5)). Opening may have to wait for the file system that it is on.
 */
public final class Executable {
    private static final String DELETED = " (deleted)";

    private Executable() {}

    /** Its path as the process sees it; empty if the process is gone, is a kernel thread, or may not be asked. */
    public static Optional<String> path(Path procRoot, int pid) {
        try {
            String target = Files.readSymbolicLink(link(procRoot, pid)).toString();
            return Optional.of(
                    target.endsWith(DELETED) ? target.substring(0, target.length() - DELETED.length()) : target);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens it for reading; empty if the process is gone or a kernel thread.
     *
     * @throws IOException if it may not be opened
     */
    public static Optional<SeekableByteChannel> open(Path procRoot, int pid) throws IOException {
        try {
            return Optional.of(Files.newByteChannel(link(procRoot, pid)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path link(Path procRoot, int pid) {
        return procRoot.resolve(pid + "/exe");
    }
}
