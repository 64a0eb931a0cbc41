package io.nodetelemetry.internal.export;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricFamily.ValueType;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Snapshots for the tests of all outlets. */
final class SampleSnapshots {
    static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");
    static final Instant TAKEN = Instant.parse("2026-01-02T03:05:05.5Z");
    static final Map<String, String> MACHINE = Map.of("machine_id", "0123456789abcdef0123456789abcdef");

    private static final String[] CONNECTION = {"actual_destination", "container_id", "destination"};
    private static final MetricFamily CONNECTS = MetricFamily.counter(
            "container_net_tcp_successful_connects",
            "{connection}",
            ValueType.LONG,
            "Outbound TCP connections that were established.",
            CONNECTION);
    private static final MetricFamily ACTIVE = MetricFamily.gauge(
            "container_net_tcp_active_connections",
            "{connection}",
            ValueType.LONG,
            "Outbound TCP connections that are established now.",
            CONNECTION);
    private static final MetricFamily RETRANSMITS = MetricFamily.counter(
            "container_net_tcp_retransmits",
            "{segment}",
            ValueType.LONG,
            "TCP segments sent again on outbound connections, those of the handshake included.",
            CONNECTION);
    private static final MetricFamily CONNECT_TIME = MetricFamily.counter(
            "container_net_tcp_connection_time",
            "s",
            ValueType.DOUBLE,
            "Time spent establishing outbound TCP connections, from the first SYN to the established state.",
            CONNECTION);
    private static final MetricFamily FAILED = MetricFamily.counter(
            "container_net_tcp_failed_connects",
            "{connection}",
            ValueType.LONG,
            "Failed.",
            "container_id",
            "destination");
    private static final MetricFamily LISTEN_INFO = MetricFamily.gauge(
            "container_net_tcp_listen_info",
            "",
            ValueType.LONG,
            "1 while a process of the container listens on the address, 0 for some time after it stopped.",
            "container_id",
            "listen_addr",
            "proxy");
    private static final MetricFamily NODE_INFO =
            MetricFamily.gauge("node_info", "", ValueType.LONG, "The node; always 1.", "hostname", "kernel_version");
    private static final MetricFamily ABSENT =
            MetricFamily.counter("container_oom_kills", "{kill}", ValueType.LONG, "Absent.", "container_id");
    private static final MetricFamily ODD =
            MetricFamily.gauge("odd", "", ValueType.DOUBLE, "Says \"a\\b\"\nand more.", "container_id", "z");
    private static final MetricFamily MEMORY_TOTAL =
            MetricFamily.gauge("node_resources_memory_total", "By", ValueType.LONG, "Memory of the node.");

    private SampleSnapshots() {}

    static Snapshot of(MetricTable... tables) {
        return new Snapshot(STARTED, TAKEN, MACHINE, List.of(tables));
    }

    /** Every shape there is: kinds, types, units, absent values, an empty label, text that must be escaped. */
    static Snapshot everyShape() {
        MetricTable.Builder tcp = MetricTable.builder(CONNECTS, ACTIVE, RETRANSMITS, CONNECT_TIME);
        tcp.row(Labels.of("10.0.0.2:80", "/docker/client", "10.0.0.2:80"))
                .set(0, 12)
                .set(1, 3)
                .set(3, 0.015625);
        tcp.row(Labels.of("[fd00::2]:5432", "/docker/client", "db:5432"))
                .set(0, Long.MAX_VALUE)
                .set(2, 7)
                .set(3, 1.0e10);
        MetricTable.Builder listens = MetricTable.builder(LISTEN_INFO);
        listens.row(Labels.of("/docker/server", "0.0.0.0:80", "")).set(0, 1);
        MetricTable.Builder odd = MetricTable.builder(ODD);
        odd.row(Labels.of("quote \" backslash \\ line\nfeed", "")).set(0, Double.NaN);
        odd.row(Labels.of("ünïcode ☃ 😀", "lone \ud800 surrogate")).set(0, Double.POSITIVE_INFINITY);
        odd.row(Labels.of("", "a")).set(0, Double.NEGATIVE_INFINITY);
        odd.row(Labels.of("", "b")).set(0, -0.0);
        odd.row(Labels.of("", "c")).set(0, -1.5e-7);
        odd.row(Labels.of("", "d")).set(0, 9_999_999.0);
        MetricTable.Builder info = MetricTable.builder(NODE_INFO);
        info.row(Labels.of("host", "6.18.0")).set(0, 1);
        MetricTable.Builder absent = MetricTable.builder(ABSENT);
        absent.row(Labels.of("/docker/server"));
        return of(
                tcp.build(),
                listens.build(),
                odd.build(),
                info.build(),
                absent.build(),
                MetricTable.single(MEMORY_TOTAL, 34_359_738_368.0));
    }

    /** So many containers times so many destinations times five metrics. */
    static Snapshot tcp(int containers, int destinations) {
        MetricTable.Builder rows = MetricTable.builder(CONNECTS, ACTIVE, RETRANSMITS, CONNECT_TIME);
        MetricTable.Builder failed = MetricTable.builder(FAILED);
        for (int c = 0; c < containers; c++) {
            String container = "/k8s/default/shop-" + c + "/app";
            for (int d = 0; d < destinations; d++) {
                String destination = "10.1." + d / 250 + "." + d % 250 + ":8080";
                rows.row(Labels.of(destination, container, destination))
                        .set(0, c * 1000L + d)
                        .set(1, d)
                        .set(2, c)
                        .set(3, (c + 1) / 7.0 + d);
                failed.row(Labels.of(container, destination)).set(0, d);
            }
        }
        return of(rows.build(), failed.build());
    }

    /** All families of a snapshot. */
    static List<MetricFamily> families(Snapshot snapshot) {
        List<MetricFamily> families = new ArrayList<>();
        snapshot.tables().forEach(table -> families.addAll(table.families()));
        return families;
    }
}
