package io.nodetelemetry.model;

/**
 * A cgroup as the kernel names it: its id is unique within one hierarchy only, so both parts are needed.
 *
 * <p>On a cgroup v2 host there is one hierarchy. On v1 and hybrid hosts every controller (or named tree) is a
 * hierarchy of its own with its own ids.
 *
 * @param hierarchy the hierarchy's number: 0 is cgroup v2, the others are those of the first column of
 *     {@code /proc/self/cgroup} (cgroups(7))
 * @param id the kernfs node id; equal to the inode number of the cgroup's directory on 64-bit kernels
 */
public record CgroupRef(int hierarchy, long id) {}
