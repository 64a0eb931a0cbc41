package io.nodetelemetry.internal.source.logfile;

import java.nio.file.Path;

/** Where a log is. */
public sealed interface LogFileLocation {
    /**
     * A file of the host's, written by a runtime, which may not exist yet. Symbolic links are followed.
     *
     * @param path absolute, as this process can open it
     */
    record OnHost(Path path) implements LogFileLocation {}

    /**
     * A file that a process has open for writing, in whatever mount namespace it lives. Nothing that the container can
     * make, such as a symbolic link, leads out of its own files.
     *
     * @param procRoot where procfs is seen
     * @param pid of the process
     * @param fd of the file in the process
     * @param path as the process names the file, absolute in its own root directory
     */
    record InContainer(Path procRoot, int pid, int fd, String path) implements LogFileLocation {}
}
