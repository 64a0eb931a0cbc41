package io.nodetelemetry.internal.source.cgroupfs;

import java.util.List;

/** What the kernel accounts by cgroup, as cgroup v1 divides it: each of these may be a hierarchy of its own there. */
enum Controller {
    CPU("cpu"),
    /** Joined with {@code cpu} on most hosts. */
    CPUACCT("cpuacct"),
    MEMORY("memory"),
    BLKIO("blkio");

    private final String v1Name;

    Controller(String v1Name) {
        this.v1Name = v1Name;
    }

    /** What it is called in {@code /proc/self/cgroup}. */
    String v1Name() {
        return v1Name;
    }

    /**
     * Whose hierarchy tells the path of a cgroup in this one if this one is not walked: runtimes and systemd give a
     * container the same path in all hierarchies where it has a cgroup.
     */
    List<Controller> neighbours() {
        return switch (this) {
            case CPU, MEMORY -> List.of();
            case CPUACCT -> List.of(CPU);
            case BLKIO -> List.of(MEMORY, CPU);
        };
    }
}
