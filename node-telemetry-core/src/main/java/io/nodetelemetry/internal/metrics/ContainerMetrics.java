package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** What a container is, and how often it began anew or lost a process. */
public final class ContainerMetrics {
    /** The attribute that names the container, of every metric about one. */
    static final String CONTAINER = "container_id";

    public static final MetricFamily CONTAINER_INFO = gauge(
            "container_info",
            "",
            LONG,
            "A container or service that was found; always 1.",
            CONTAINER,
            "image",
            "systemd_triggered_by",
            "systemd_type");
    public static final MetricFamily RESTARTS = counter(
            "container_restarts",
            "{restart}",
            LONG,
            "Times the container or service began again after it had ended.",
            CONTAINER);
    public static final MetricFamily OOM_KILLS = counter(
            "container_oom_kills",
            "{kill}",
            LONG,
            "Processes of the container that the kernel killed for want of memory.",
            CONTAINER);
    public static final MetricFamily APPLICATION_TYPE = gauge(
            "container_application_type",
            "",
            LONG,
            "What runs in the container, guessed from the command lines of its processes; always 1.",
            "application_type",
            CONTAINER);

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(
                    CONTAINER_INFO,
                    "cgroup tree, the runtime's API, systemd over D-Bus",
                    "while the container's name is awaited"),
            new CatalogEntry(
                    RESTARTS,
                    "cgroups that come and go (BPF events; without them the cgroup tree)",
                    CatalogEntry.NEVER + "; 0 is reported"),
            new CatalogEntry(
                    OOM_KILLS, "tracepoints `mark_victim`, `sched_process_exit` (BPF)", "before the first kill"),
            new CatalogEntry(
                    APPLICATION_TYPE,
                    "`/proc/<pid>/cmdline` of the container's processes",
                    "if no type is recognised"));

    private ContainerMetrics() {}
}
