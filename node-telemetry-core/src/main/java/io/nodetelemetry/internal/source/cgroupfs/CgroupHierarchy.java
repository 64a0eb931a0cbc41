package io.nodetelemetry.internal.source.cgroupfs;

import java.nio.file.Path;

/**
 * One mounted hierarchy.
 *
 * @param number 0 for cgroup v2, else the first column of {@code /proc/self/cgroup}: what the kernel calls
 *     {@code hierarchy_id}
 * @param name {@code v2}, or the v1 controllers or name as in {@code /proc/self/cgroup}: {@code memory},
 *     {@code cpu,cpuacct}, {@code name=systemd}
 * @param root the directory of its root cgroup
 */
public record CgroupHierarchy(int number, String name, Path root) {}
