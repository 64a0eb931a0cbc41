package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.model.DeviceNumber;
import java.util.Map;
import java.util.Optional;

/**
 * What a container has read from and written to block devices, by device, all tasks of all its cgroups together.
 *
 * <p>These are whole disks: what a partition does counts for its disk. Writes through the page cache are the
 * container's on cgroup v2; on v1 they are nobody's.
 *
 * @param devices those with counters; a device that is not among them was not used, or the kernel counts nothing of it
 */
public record IoCounters(Map<DeviceNumber, Device> devices) {
    /**
     * Counters of one device, from the creation of the cgroup on.
     *
     * @param reads read operations
     * @param readBytes bytes read
     * @param writes write operations
     * @param writtenBytes bytes written
     */
    public record Device(long reads, long readBytes, long writes, long writtenBytes) {}

    public IoCounters {
        devices = Map.copyOf(devices);
    }

    /** The counters of a device; empty if it has none. */
    public Optional<Device> device(DeviceNumber number) {
        return Optional.ofNullable(devices.get(number));
    }
}
