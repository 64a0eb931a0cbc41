package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Which cgroup hierarchies there are, and whether the agent can use them. */
final class CgroupChecks {
    private static final Subject VERSION = Subject.essential("cgroups", "telling containers apart");
    private static final Subject V2_ROOT =
            Subject.useful("cgroup2 root", "counting TCP without loss: sock_ops programs are attached there");

    private CgroupChecks() {}

    static List<Diagnosis> all(Host host) {
        List<Mount> mounts = Mount.parse(
                SmallFile.read(host.proc().resolve("self/mountinfo")).orElse(""));
        return List.of(version(host, mounts), v2Root(host, mounts));
    }

    private static Diagnosis version(Host host, List<Mount> mounts) {
        Path root = host.cgroup();
        if (!Files.isReadable(root) || !Files.isDirectory(root)) {
            return VERSION.missing(
                    "no readable directory " + root,
                    "mount the host's cgroup file systems there, or say where they are: --cgroupfs-root");
        }
        List<Mount> v1 = mounts.stream()
                .filter(mount -> mount.type().equals("cgroup") && mount.point().startsWith(root))
                .toList();
        if (isV2(root)) {
            return VERSION.ok("v2 at " + root);
        }
        String hierarchies = v1.stream()
                .map(mount -> String.valueOf(mount.point().getFileName()))
                .sorted()
                .collect(Collectors.joining(" "));
        if (isV2(root.resolve("unified"))) {
            return VERSION.ok("hybrid at " + root + (v1.isEmpty() ? "" : ", v1: " + hierarchies));
        }
        if (!v1.isEmpty() || Files.isDirectory(root.resolve("memory"))) {
            return VERSION.ok("v1 at " + root + (v1.isEmpty() ? "" : ": " + hierarchies));
        }
        return VERSION.missing(
                root + " holds no cgroup file system",
                "mount the host's cgroup file systems there, or say where they are: --cgroupfs-root");
    }

    private static Diagnosis v2Root(Host host, List<Mount> mounts) {
        Path root = host.cgroup();
        for (Path candidate : List.of(root, root.resolve("unified"))) {
            if (isV2(candidate)) {
                return V2_ROOT.ok(candidate.toString());
            }
        }
        return mounts.stream()
                .filter(mount -> mount.type().equals("cgroup2"))
                .findFirst()
                .map(mount -> V2_ROOT.ok(mount.point().toString()))
                .orElseGet(() -> V2_ROOT.warn(
                        "not mounted; the agent tries a private mount, which needs CAP_SYS_ADMIN",
                        "mount -t cgroup2 none /sys/fs/cgroup/unified"));
    }

    /** Every cgroup2 directory has this file, and no other file system does; admin-guide/cgroup-v2.rst. */
    private static boolean isV2(Path directory) {
        return Files.exists(directory.resolve("cgroup.controllers"));
    }
}
