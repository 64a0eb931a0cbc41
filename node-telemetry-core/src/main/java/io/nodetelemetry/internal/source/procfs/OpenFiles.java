package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** {@code /proc/<pid>/fd}: what a process has open (proc_pid_fd(5)). Two or three system calls per file. */
public final class OpenFiles {
    private static final int MAX_BYTES = 4_096;
    private static final String DELETED = " (deleted)";

    private OpenFiles() {}

    /**
     * The ids of the mounts on which the process has a file open for writing, special file systems left out.
     *
     * @param maxFiles of the process that are looked at, which bounds the time it takes
     * @return empty if the process is gone or may not be asked
     */
    public static Set<Integer> writtenMounts(Path procRoot, int pid, int maxFiles) {
        Path process = procRoot.resolve(Integer.toString(pid));
        Set<Integer> mounts = new HashSet<>();
        int seen = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (++seen > maxFiles) {
                    break;
                }
                info(process.resolve("fdinfo").resolve(file.getFileName()))
                        .filter(info -> info.isWritable() && !mounts.contains(info.mountId()) && isOrdinary(file))
                        .ifPresent(info -> mounts.add(info.mountId()));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Gone, or protected: what was seen so far is true.
            return mounts;
        }
        return mounts;
    }

    static Optional<FdInfo> info(Path file) {
        try {
            return ProcFiles.read(file, MAX_BYTES)
                    .flatMap(bytes -> FdInfo.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isOrdinary(Path descriptor) {
        try {
            return isOrdinary(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return false;
        }
    }

    /** Sockets and pipes have no path. */
    static boolean isOrdinary(String target) {
        return target.startsWith("/")
                && !target.startsWith("/proc/")
                && !target.startsWith("/dev/")
                && !target.startsWith("/sys/")
                && !target.endsWith(DELETED);
    }
}
