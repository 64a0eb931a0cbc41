package io.nodetelemetry.internal.source.procfs;

import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /proc/<pid>/mountinfo}: what is mounted in the mount namespace of a process, as far as its root directory lets
 * it see (proc_pid_mountinfo(5)).
 *
 * <pre>
 * 36 35 98:0 /mnt1 /data\040dir rw,noatime master:1 - ext3 /dev/sda2 rw,errors=continue
 * </pre>
 *
 * @param mounts one per line, in the order of the file
 */
public record MountInfo(List<Mount> mounts) {
    /** A node of a thousand containers has some thousand mounts of 100 to 500 bytes. */
    private static final int MAX_BYTES = 8 << 20;

    private static final String SEPARATOR = " - ";

    /**
     * One mount.
     *
     * @param id unique while it is mounted; {@code mnt_id} of {@code /proc/<pid>/fdinfo/<fd>}
     * @param parent the mount that it is mounted on; itself for the topmost
     * @param device of the file system; major 0 if that has no single block device (btrfs, zfs, overlay, nfs, tmpfs)
     * @param root the directory or file of the file system that is seen at the mount point
     * @param mountPoint seen from the root directory of the process
     * @param fsType such as {@code ext4} or {@code fuse.sshfs}
     * @param source what was mounted, in the words of the file system: a device's path, an address, a name
     */
    public record Mount(
            int id, int parent, DeviceNumber device, String root, String mountPoint, String fsType, String source) {}

    public MountInfo {
        mounts = List.copyOf(mounts);
    }

    /**
     * Reads the file; empty if the process is gone.
     *
     * @throws IOException if it may not be read
     */
    public static Optional<MountInfo> read(Path procRoot, int pid) throws IOException {
        return ProcFiles.read(procRoot.resolve(pid + "/mountinfo"), MAX_BYTES)
                .map(bytes -> parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** Takes what is well formed and leaves out the rest, such as a line that was cut off. */
    public static MountInfo parse(String file) {
        List<Mount> mounts = new ArrayList<>();
        int start = 0;
        for (int end = file.indexOf('\n'); end >= 0; end = file.indexOf('\n', start)) {
            mount(file.substring(start, end)).ifPresent(mounts::add);
            start = end + 1;
        }
        return new MountInfo(mounts);
    }

    private static Optional<Mount> mount(String line) {
        // Blanks in paths are escaped, so the first " - " ends the optional fields.
        int separator = line.indexOf(SEPARATOR);
        if (separator < 0) {
            return Optional.empty();
        }
        String[] columns = line.substring(0, separator).split(" ", 7);
        String[] fileSystem = line.substring(separator + SEPARATOR.length()).split(" ", 3);
        if (columns.length < 6 || fileSystem.length < 3 || !isNumber(columns[0]) || !isNumber(columns[1])) {
            return Optional.empty();
        }
        return DeviceNumber.parse(columns[2])
                .filter(device -> columns[4].startsWith("/"))
                .map(device -> new Mount(
                        Integer.parseInt(columns[0]),
                        Integer.parseInt(columns[1]),
                        device,
                        OctalEscapes.decode(columns[3]),
                        OctalEscapes.decode(columns[4]),
                        fileSystem[0],
                        OctalEscapes.decode(fileSystem[1])));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * Those that a path leads to: where several are mounted on each other at one place, the uppermost; below a directory
     * that was mounted over later, none can be told by this file alone.
     */
    public List<Mount> visible() {
        Map<Integer, String> mountPoints = new HashMap<>();
        for (Mount mount : mounts) {
            mountPoints.put(mount.id(), mount.mountPoint());
        }
        Set<Integer> covered = new HashSet<>();
        for (Mount mount : mounts) {
            if (mount.parent() != mount.id() && mount.mountPoint().equals(mountPoints.get(mount.parent()))) {
                covered.add(mount.parent());
            }
        }
        return mounts.stream().filter(mount -> !covered.contains(mount.id())).toList();
    }
}
