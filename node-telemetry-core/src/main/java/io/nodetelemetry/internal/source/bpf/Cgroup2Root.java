package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The root of the cgroup v2 hierarchy, where a sock_ops program sees every socket of the machine. Pure v1 hosts have the
 * hierarchy too, only nobody mounted it: there it is opened by a mount that has no mount point.
 */
final class Cgroup2Root {
    /** The inode number of a hierarchy's root; another one is the root of a cgroup namespace. */
    private static final long ROOT_INODE = 1;

    private Cgroup2Root() {}

    /**
     * Opens it.
     *
     * @param cgroupRoot usually {@code /sys/fs/cgroup}
     * @throws IOException if there is none, or what can be seen is not the machine's root; says what to do
     */
    static Fd open(Path cgroupRoot) throws IOException {
        for (Path candidate : new Path[] {cgroupRoot, cgroupRoot.resolve("unified")}) {
            if (Files.isDirectory(candidate) && Libc.statMagic(candidate) == Libc.CGROUP2_MAGIC) {
                if (Libc.inode(candidate) != ROOT_INODE) {
                    throw new IOException(candidate + " is the root of a cgroup namespace, not of the machine; run in"
                            + " the host's cgroup namespace (docker: --cgroupns=host) or mount the host's"
                            + " /sys/fs/cgroup and name it by --cgroupfs-root");
                }
                return Libc.openDirectory(candidate);
            }
        }
        return Libc.mountDetached("cgroup2");
    }
}
