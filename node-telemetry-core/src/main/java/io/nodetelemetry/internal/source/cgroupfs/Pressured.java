package io.nodetelemetry.internal.source.cgroupfs;

/** What tasks wait for, as far as the kernel sums it up by cgroup (Documentation/accounting/psi.rst). */
public enum Pressured {
    CPU,
    MEMORY,
    IO
}
