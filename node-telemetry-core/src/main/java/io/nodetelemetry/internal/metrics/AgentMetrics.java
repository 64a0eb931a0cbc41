package io.nodetelemetry.internal.metrics;

import static io.nodetelemetry.collector.MetricFamily.ValueType.DOUBLE;
import static io.nodetelemetry.collector.MetricFamily.ValueType.LONG;
import static io.nodetelemetry.collector.MetricFamily.counter;
import static io.nodetelemetry.collector.MetricFamily.gauge;

import io.nodetelemetry.collector.MetricFamily;
import java.util.List;

/** How the agent itself does. */
public final class AgentMetrics {
    public static final MetricFamily NODE_AGENT_INFO =
            gauge("node_agent_info", "", LONG, "The agent's version; always 1.", "version");

    public static final MetricFamily COLLECTOR_UP = gauge(
            "node_telemetry_collector_up",
            "",
            LONG,
            "1 if the collector works, 0 if it is off or its last read failed; with the reason, also if it works in part.",
            "collector",
            "reason");
    public static final MetricFamily COLLECTOR_DURATION = gauge(
            "node_telemetry_collector_duration", "s", DOUBLE, "Time the collector's last read took.", "collector");
    public static final MetricFamily COLLECTOR_FAILURES = counter(
            "node_telemetry_collector_failures",
            "{failure}",
            LONG,
            "Reads or starts of the collector that failed.",
            "collector");
    public static final MetricFamily CONTAINERS = gauge(
            "node_telemetry_containers",
            "{container}",
            LONG,
            "Containers and services that are known, by what is shown of them: reported, those of them that ended, hidden"
                    + " by a setting or as sandbox of a pod, too young, without a name yet, or empty cgroups.",
            "state");
    public static final MetricFamily BPF_MAP_ENTRIES =
            gauge("node_telemetry_bpf_map_entries", "{entry}", LONG, "Entries in a BPF map.", "map");
    public static final MetricFamily BPF_MAP_CAPACITY =
            gauge("node_telemetry_bpf_map_capacity", "{entry}", LONG, "Entries that fit in a BPF map.", "map");
    public static final MetricFamily BPF_PROGRAM_INFO = gauge(
            "node_telemetry_bpf_program_info",
            "",
            LONG,
            "A BPF program that is attached, and to what kind of hook; always 1.",
            "hook",
            "program");
    public static final MetricFamily BPF_RECURSION_MISSES = counter(
            "node_telemetry_bpf_recursion_misses",
            "{event}",
            LONG,
            "Events for which the kernel skipped the program because it was running already on that CPU.",
            "program");
    public static final MetricFamily DELAY_ACCOUNTING_ENABLED = gauge(
            "node_telemetry_delay_accounting_enabled",
            "",
            LONG,
            "Whether the kernel accounts for how long new tasks wait for block I/O: 1 or 0.");
    public static final MetricFamily DELAY_SOURCE_INFO = gauge(
            "node_telemetry_delay_source_info", "", LONG, "How delays of containers are learnt; always 1.", "way");
    public static final MetricFamily DROPS = counter(
            "node_telemetry_drops",
            "{event}",
            LONG,
            "What could not be kept, by where and why; anything above 0 is a loss of detail or data.",
            "reason",
            "source");

    /** The name is that of the Go client library's own metric, which dashboards of the field know. */
    public static final MetricFamily SCRAPE_ERRORS = counter(
            "promhttp_metric_handler_errors",
            "{error}",
            LONG,
            "Scrapes that failed: no snapshot could be had (gathering), or it could not be written (encoding).",
            "cause");

    private static final String OURSELVES = "the agent itself";
    private static final String BPF = "bpf(2)";
    private static final String NO_BPF = "for BPF objects that are not loaded";

    static final List<CatalogEntry> ENTRIES = List.of(
            new CatalogEntry(NODE_AGENT_INFO, OURSELVES, CatalogEntry.NEVER),
            new CatalogEntry(COLLECTOR_UP, OURSELVES, CatalogEntry.NEVER),
            new CatalogEntry(COLLECTOR_DURATION, OURSELVES, CatalogEntry.NEVER),
            new CatalogEntry(COLLECTOR_FAILURES, OURSELVES, CatalogEntry.NEVER),
            new CatalogEntry(CONTAINERS, OURSELVES, CatalogEntry.NEVER + "; 0 is reported"),
            new CatalogEntry(BPF_MAP_ENTRIES, BPF, NO_BPF),
            new CatalogEntry(BPF_MAP_CAPACITY, BPF, NO_BPF),
            new CatalogEntry(BPF_PROGRAM_INFO, BPF, NO_BPF),
            new CatalogEntry(BPF_RECURSION_MISSES, BPF, NO_BPF + "; before Linux 5.12"),
            new CatalogEntry(
                    DELAY_ACCOUNTING_ENABLED,
                    "sysctl `kernel.task_delayacct`",
                    "without that sysctl: before Linux 5.14 delays are accounted unless booted with `nodelayacct`"),
            new CatalogEntry(DELAY_SOURCE_INFO, OURSELVES, "while the collector `delays` is off"),
            new CatalogEntry(DROPS, OURSELVES, CatalogEntry.NEVER + "; 0 is reported"),
            new CatalogEntry(SCRAPE_ERRORS, OURSELVES, "if no port is opened for Prometheus"));

    private AgentMetrics() {}
}
