package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** What the node is, and how busy. */
public final class NodeMetrics {
    private static final String DEVICE = "device";
    private static final String KIND = "kind";

    // What it is

    public static final MetricFamily NODE_INFO =
            gauge("node_info", "", LONG, "The node; always 1.", "hostname", "kernel_version");
    public static final MetricFamily NODE_CLOUD_INFO = gauge(
            "node_cloud_info",
            "",
            LONG,
            "The cloud instance the node is; always 1, what is not known is empty.",
            "account_id",
            "availability_zone",
            "availability_zone_id",
            "instance_id",
            "instance_life_cycle",
            "instance_type",
            "local_ipv4",
            "provider",
            "public_ipv4",
            "region");
    public static final MetricFamily NODE_UPTIME =
            gauge("node_uptime", "s", DOUBLE, "Time since the node's kernel was started.");

    // CPU and memory

    public static final MetricFamily CPU_USAGE = counter(
            "node_resources_cpu_usage", "s", DOUBLE, "Time that the CPUs spent in a mode, summed over them.", "mode");
    public static final MetricFamily CPU_LOGICAL_CORES =
            gauge("node_resources_cpu_logical_cores", "{core}", LONG, "CPUs that are online.");
    public static final MetricFamily MEMORY_TOTAL =
            gauge("node_resources_memory_total", "By", LONG, "Memory that the kernel manages.");
    public static final MetricFamily MEMORY_FREE =
            gauge("node_resources_memory_free", "By", LONG, "Memory that nothing uses.");
    public static final MetricFamily MEMORY_AVAILABLE = gauge(
            "node_resources_memory_available",
            "By",
            LONG,
            "Memory that programs can have without swapping, as the kernel estimates it.");
    public static final MetricFamily MEMORY_CACHED =
            gauge("node_resources_memory_cached", "By", LONG, "Memory in the page cache.");

    // Pressure stall information

    public static final MetricFamily CPU_PRESSURE = counter(
            "node_resources_cpu_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the node's tasks waited for a CPU.",
            KIND);
    public static final MetricFamily MEMORY_PRESSURE = counter(
            "node_resources_memory_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the node's tasks waited for memory.",
            KIND);
    public static final MetricFamily IO_PRESSURE = counter(
            "node_resources_io_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the node's tasks waited for I/O.",
            KIND);

    // Disks

    public static final MetricFamily DISK_READS =
            counter("node_resources_disk_reads", "{operation}", LONG, "Reads that the disk completed.", DEVICE);
    public static final MetricFamily DISK_WRITES =
            counter("node_resources_disk_writes", "{operation}", LONG, "Writes that the disk completed.", DEVICE);
    public static final MetricFamily DISK_READ_BYTES =
            counter("node_resources_disk_read", "By", LONG, "Bytes read from the disk.", DEVICE);
    public static final MetricFamily DISK_WRITTEN_BYTES =
            counter("node_resources_disk_written", "By", LONG, "Bytes written to the disk.", DEVICE);
    public static final MetricFamily DISK_READ_TIME = counter(
            "node_resources_disk_read_time", "s", DOUBLE, "Time of all reads together, queueing included.", DEVICE);
    public static final MetricFamily DISK_WRITE_TIME = counter(
            "node_resources_disk_write_time", "s", DOUBLE, "Time of all writes together, queueing included.", DEVICE);
    public static final MetricFamily DISK_IO_TIME =
            counter("node_resources_disk_io_time", "s", DOUBLE, "Time for which the disk was busy.", DEVICE);

    private static final String NO_FILE = "if the file cannot be read";
    private static final String NO_PRESSURE = "where the kernel has no PSI (`psi=1`)";
    private static final String NO_DISK = "for partitions, loop devices and memory disks";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(NODE_INFO, "`/proc/sys/kernel/hostname`, `osrelease`", CatalogEntry.NEVER),
            new CatalogEntry(
                    NODE_CLOUD_INFO,
                    "the cloud's metadata service, if DMI or `--provider` names the cloud; flags",
                    CatalogEntry.NEVER),
            new CatalogEntry(NODE_UPTIME, "`/proc/uptime`", NO_FILE),
            new CatalogEntry(CPU_USAGE, "`/proc/stat`, line `cpu`", NO_FILE),
            new CatalogEntry(CPU_LOGICAL_CORES, "`/proc/stat`, lines `cpu<n>`", NO_FILE),
            new CatalogEntry(MEMORY_TOTAL, "`/proc/meminfo` `MemTotal`", NO_FILE),
            new CatalogEntry(MEMORY_FREE, "`/proc/meminfo` `MemFree`", NO_FILE),
            new CatalogEntry(MEMORY_AVAILABLE, "`/proc/meminfo` `MemAvailable`", NO_FILE),
            new CatalogEntry(MEMORY_CACHED, "`/proc/meminfo` `Cached`", NO_FILE),
            new CatalogEntry(CPU_PRESSURE, "`/proc/pressure/cpu`", NO_PRESSURE),
            new CatalogEntry(MEMORY_PRESSURE, "`/proc/pressure/memory`", NO_PRESSURE),
            new CatalogEntry(IO_PRESSURE, "`/proc/pressure/io`", NO_PRESSURE),
            new CatalogEntry(DISK_READS, "`/proc/diskstats`, field 1", NO_DISK),
            new CatalogEntry(DISK_WRITES, "`/proc/diskstats`, field 5", NO_DISK),
            new CatalogEntry(DISK_READ_BYTES, "`/proc/diskstats`, field 3", NO_DISK),
            new CatalogEntry(DISK_WRITTEN_BYTES, "`/proc/diskstats`, field 7", NO_DISK),
            new CatalogEntry(DISK_READ_TIME, "`/proc/diskstats`, field 4", NO_DISK),
            new CatalogEntry(DISK_WRITE_TIME, "`/proc/diskstats`, field 8", NO_DISK),
            new CatalogEntry(DISK_IO_TIME, "`/proc/diskstats`, field 10", NO_DISK));

    private NodeMetrics() {}
}
