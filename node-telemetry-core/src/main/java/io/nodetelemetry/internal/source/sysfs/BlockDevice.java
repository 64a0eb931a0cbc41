package io.nodetelemetry.internal.source.sysfs;

import io.nodetelemetry.model.DeviceNumber;

/**
 * A whole disk, which may be made of others: a logical volume ({@code dm-0}), a RAID ({@code md0}), a loop device.
 *
 * @param name as in {@code /proc/diskstats}: {@code sda}, {@code nvme0n1}, {@code cciss/c0d0}
 * @param number by which the cgroups account for its I/O
 */
public record BlockDevice(String name, DeviceNumber number) {}
