package io.nodetelemetry.internal.source.procfs;

import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files below {@code /var/log/} that a process has open for writing alone or for appending, by
 * {@code /proc/<pid>/fd} (proc_pid_fd(5)). Left out are {@code /var/log/pods}, {@code containers} and {@code journal},
 * which are read otherwise, and files without a name.
 *
 * @param logs in no order
 * @param looked how many files were looked at
 */
public record LogDescriptors(List<Log> logs, int looked) {
    private static final String LOGS = "/var/log/";
    private static final List<String> OTHERWISE =
            List.of("/var/log/pods/", "/var/log/containers/", "/var/log/journal/");
    /** They ask nobody else, though no single block device holds them. */
    private static final Set<String> LOCAL = Set.of("tmpfs", "ramfs", "overlay", "btrfs", "zfs", "bcachefs", "ubifs");

    private static final int FIRST_PROCESS = 1;
    private static final String DELETED = " (deleted)";

    /**
     * An open file.
     *
     * @param path absolute, from the root directory of the process
     * @param remote its file system asks a network or another process, or is unknown
     */
    public record Log(int fd, String path, boolean remote) {}

    public LogDescriptors {
        logs = List.copyOf(logs);
    }

    /**
     * Looks at a process; one that is gone or may not be asked has none.
     *
     * @param maxFiles of the process that are looked at, which bounds the time it takes
     */
    public static LogDescriptors of(Path procRoot, int pid, int maxFiles) {
        Path process = procRoot.resolve(Integer.toString(pid));
        List<Log> logs = new ArrayList<>();
        int looked = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (looked >= maxFiles) {
                    break;
                }
                looked++;
                if (target(file).contains(LOGS)) {
                    log(procRoot, pid, file).ifPresent(logs::add);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Gone, or protected: what was seen so far is true.
            return new LogDescriptors(logs, looked);
        }
        return new LogDescriptors(logs, looked);
    }

    private static Optional<Log> log(Path procRoot, int pid, Path file) {
        Path process = procRoot.resolve(Integer.toString(pid));
        String path = inside(target(process.resolve("root")), target(file));
        return OpenFiles.info(process.resolve("fdinfo").resolve(file.getFileName()))
                .filter(info -> isLog(path) && info.isForLogging())
                .map(info -> new Log(
                        Integer.parseInt(file.getFileName().toString()),
                        path,
                        isRemote(procRoot, pid, info.mountId())));
    }

    /** Empty if the link is gone. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** A path as the process sees it that changed its root directory. */
    static String inside(String root, String target) {
        return root.isEmpty() || root.equals("/") || !target.startsWith(root + "/")
                ? target
                : target.substring(root.length());
    }

    static boolean isLog(String path) {
        return path.startsWith(LOGS)
                && !path.endsWith(DELETED)
                && OTHERWISE.stream().noneMatch(path::startsWith);
    }

    /** Files may have been opened for a process in the host's mount namespace; what is mounted in neither is not known. */
    private static boolean isRemote(Path procRoot, int pid, int mountId) {
        return mount(procRoot, pid, mountId)
                .or(() -> mount(procRoot, FIRST_PROCESS, mountId))
                .map(LogDescriptors::isRemote)
                .orElse(true);
    }

    private static Optional<Mount> mount(Path procRoot, int pid, int mountId) {
        try {
            return MountInfo.read(procRoot, pid).map(MountInfo::mounts).stream()
                    .flatMap(List::stream)
                    .filter(mount -> mount.id() == mountId)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static boolean isRemote(Mount mount) {
        boolean fuse = mount.fsType().startsWith("fuse");
        return fuse || (mount.device().major() == 0 && !LOCAL.contains(mount.fsType()));
    }
}
