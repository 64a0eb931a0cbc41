package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;
import static io.nodetelemetry.internal.metrics.ContainerMetrics.CONTAINER;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** File systems that a container writes to, and its I/O on the disks below them. */
public final class DiskMetrics {
    private static final String[] KEYS = {CONTAINER, "device", "mount_point", "provisioner", "volume"};

    public static final MetricFamily DISK_SIZE =
            gauge("container_resources_disk_size", "By", LONG, "Size of the file system.", KEYS);
    public static final MetricFamily DISK_USED =
            gauge("container_resources_disk_used", "By", LONG, "Used space of the file system.", KEYS);
    public static final MetricFamily DISK_RESERVED = gauge(
            "container_resources_disk_reserved",
            "By",
            LONG,
            "Free space of the file system that only root may use.",
            KEYS);
    public static final MetricFamily DISK_READS = counter(
            "container_resources_disk_reads", "{operation}", LONG, "The container's reads from the disk.", KEYS);
    public static final MetricFamily DISK_READ_BYTES =
            counter("container_resources_disk_read", "By", LONG, "Bytes that the container read from the disk.", KEYS);
    public static final MetricFamily DISK_WRITES = counter(
            "container_resources_disk_writes", "{operation}", LONG, "The container's writes to the disk.", KEYS);
    public static final MetricFamily DISK_WRITTEN_BYTES = counter(
            "container_resources_disk_written", "By", LONG, "Bytes that the container wrote to the disk.", KEYS);

    private static final String NO_MOUNT =
            "for file systems without a block device, and those the container neither writes to nor has as a volume";
    private static final String NO_ANSWER = NO_MOUNT + "; while the file system does not answer";
    private static final String NO_IO =
            NO_MOUNT + "; if the container has no cgroup of the io controller or never used the disk;"
                    + " on cgroup v1 with Linux 6.10 and later for disks on which no cgroup has a limit";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(DISK_SIZE, "statfs(2): `blocks`", NO_ANSWER),
            new CatalogEntry(DISK_USED, "statfs(2): `blocks` − `bfree`", NO_ANSWER),
            new CatalogEntry(DISK_RESERVED, "statfs(2): `bfree` − `bavail`", NO_ANSWER),
            new CatalogEntry(DISK_READS, "v2 `io.stat` `rios`; v1 `blkio.throttle.io_serviced`", NO_IO),
            new CatalogEntry(DISK_READ_BYTES, "v2 `io.stat` `rbytes`; v1 `blkio.throttle.io_service_bytes`", NO_IO),
            new CatalogEntry(DISK_WRITES, "v2 `io.stat` `wios`; v1 `blkio.throttle.io_serviced`", NO_IO),
            new CatalogEntry(DISK_WRITTEN_BYTES, "v2 `io.stat` `wbytes`; v1 `blkio.throttle.io_service_bytes`", NO_IO));

    private DiskMetrics() {}
}
