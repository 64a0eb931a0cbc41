package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;
import static io.nodetelemetry.internal.metrics.ContainerMetrics.CONTAINER;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** What a container uses of the node, what it may use, and how long it waits for it. */
public final class ResourceMetrics {
    private static final String KIND = "kind";

    // CPU

    public static final MetricFamily CPU_USAGE =
            counter("container_resources_cpu_usage", "s", DOUBLE, "CPU time used by the container's tasks.", CONTAINER);
    public static final MetricFamily CPU_THROTTLED = counter(
            "container_resources_cpu_throttled",
            "s",
            DOUBLE,
            "Time for which the container's tasks were held back because its CPU quota was used up.",
            CONTAINER);
    public static final MetricFamily CPU_LIMIT = gauge(
            "container_resources_cpu_limit_cores", "{core}", DOUBLE, "The container's CPU quota, in cores.", CONTAINER);
    public static final MetricFamily CPU_DELAY = counter(
            "container_resources_cpu_delay",
            "s",
            DOUBLE,
            "Time that the container's tasks were ready to run and waited for a CPU.",
            CONTAINER);

    // Memory

    public static final MetricFamily MEMORY_RSS = gauge(
            "container_resources_memory_rss",
            "By",
            LONG,
            "Memory of the container's processes: anonymous pages and mapped files.",
            CONTAINER);
    public static final MetricFamily MEMORY_CACHE =
            gauge("container_resources_memory_cache", "By", LONG, "Page cache charged to the container.", CONTAINER);
    public static final MetricFamily MEMORY_LIMIT =
            gauge("container_resources_memory_limit", "By", LONG, "The container's memory limit.", CONTAINER);

    // Block devices

    public static final MetricFamily DISK_DELAY = counter(
            "container_resources_disk_delay",
            "s",
            DOUBLE,
            "Time that the container's tasks waited for synchronous block I/O.",
            CONTAINER);

    // Pressure stall information

    public static final MetricFamily CPU_PRESSURE = counter(
            "container_resources_cpu_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the container's tasks waited for a CPU.",
            CONTAINER,
            KIND);
    public static final MetricFamily MEMORY_PRESSURE = counter(
            "container_resources_memory_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the container's tasks waited for memory.",
            CONTAINER,
            KIND);
    public static final MetricFamily IO_PRESSURE = counter(
            "container_resources_io_pressure_waiting",
            "s",
            DOUBLE,
            "Time for which some or all of the container's tasks waited for I/O.",
            CONTAINER,
            KIND);

    private static final String NO_CPU = "if the container has no cgroup of the cpu controller";
    private static final String NO_MEMORY = "if the container has no cgroup of the memory controller";
    private static final String NO_PRESSURE = "on cgroup v1, and where the kernel has no PSI (`psi=1`)";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(CPU_USAGE, "v2 `cpu.stat` `usage_usec`; v1 `cpuacct.usage`", NO_CPU),
            new CatalogEntry(CPU_THROTTLED, "`cpu.stat`: v2 `throttled_usec`, v1 `throttled_time`", NO_CPU),
            new CatalogEntry(CPU_LIMIT, "v2 `cpu.max`; v1 `cpu.cfs_quota_us`, `cpu.cfs_period_us`", "without a quota"),
            new CatalogEntry(
                    CPU_DELAY,
                    "`sched_info.run_delay` of living and ended tasks (BPF); else taskstats `cpu_delay_total`",
                    "if neither BPF nor taskstats can be used"),
            new CatalogEntry(
                    MEMORY_RSS,
                    "`memory.stat`: v2 `anon` + `file_mapped`; v1 `total_rss` + `total_mapped_file`",
                    NO_MEMORY),
            new CatalogEntry(MEMORY_CACHE, "`memory.stat`: v2 `file`, v1 `total_cache`", NO_MEMORY),
            new CatalogEntry(MEMORY_LIMIT, "v2 `memory.max`; v1 `memory.limit_in_bytes`", "without a limit"),
            new CatalogEntry(
                    DISK_DELAY,
                    "`delays->blkio_delay` of living and ended tasks (BPF); else taskstats `blkio_delay_total`",
                    "if neither BPF nor taskstats can be used; stays 0 while `kernel.task_delayacct` is 0"),
            new CatalogEntry(CPU_PRESSURE, "`cpu.pressure`", NO_PRESSURE),
            new CatalogEntry(MEMORY_PRESSURE, "`memory.pressure`", NO_PRESSURE),
            new CatalogEntry(IO_PRESSURE, "`io.pressure`", NO_PRESSURE));

    private ResourceMetrics() {}
}
