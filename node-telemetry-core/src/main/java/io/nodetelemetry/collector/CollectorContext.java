package io.nodetelemetry.collector;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a collector is given when it starts.
 *
 * @param clock the only source of wall-clock time, so that tests can hold it
 * @param procRoot where procfs is seen, usually {@code /proc}
 * @param sysRoot where sysfs is seen, usually {@code /sys}
 * @param cgroupRoot where the cgroup file systems are seen, usually {@code /sys/fs/cgroup}
 */
public record CollectorContext(InstantSource clock, Path procRoot, Path sysRoot, Path cgroupRoot) {}
