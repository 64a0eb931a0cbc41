package io.nodetelemetry.model;

import java.util.Objects;

/**
 * The path of a cgroup inside its hierarchy, as {@code /proc/<pid>/cgroup} shows it: absolute, {@code /} for the root,
 * no trailing slash (cgroups(7)).
 *
 * @param value the path; bytes that are not UTF-8 have been replaced
 */
public record CgroupPath(String value) {
    /** The root of a hierarchy. */
    public static final CgroupPath ROOT = new CgroupPath("/");

    public CgroupPath {
        Objects.requireNonNull(value, "value");
        if (!value.startsWith("/")) {
            throw new IllegalArgumentException("cgroup path must start with '/': " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
