package io.nodetelemetry.benchmarks;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.nodetelemetry.internal.metrics.TcpMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The series of a busy node: containers times destinations times five TCP metrics. As in the agent, the labels live as
 * long as their row, strings are shared, and each snapshot is a new table over them.
 */
final class TcpSeries {
    private final Instant started = Instant.now();
    private final List<Labels> connections = new ArrayList<>();
    private final List<Labels> failures = new ArrayList<>();
    private long collections;

    TcpSeries(int containers, int destinations) {
        List<String> addresses = new ArrayList<>();
        for (int d = 0; d < destinations; d++) {
            addresses.add("10." + d / 250 + ".17." + (d % 250 + 1) + ":8080");
        }
        for (int c = 0; c < containers; c++) {
            String container = "/k8s/production/checkout-7d9c8b6f5-" + c + "/server";
            for (String address : addresses) {
                connections.add(Labels.of(address, container, address));
                failures.add(Labels.of(container, address));
            }
        }
    }

    /** How many series a snapshot has. */
    int count() {
        return 4 * connections.size() + failures.size();
    }

    /** One more read of all sources: every value has moved. */
    Snapshot collect() {
        collections++;
        MetricTable.Builder rows = MetricTable.builder(
                TcpMetrics.TCP_SUCCESSFUL_CONNECTS,
                TcpMetrics.TCP_ACTIVE_CONNECTIONS,
                TcpMetrics.TCP_RETRANSMITS,
                TcpMetrics.TCP_CONNECT_TIME);
        for (int i = 0; i < connections.size(); i++) {
            rows.row(connections.get(i))
                    .set(0, collections * (i % 1000))
                    .set(1, i % 17)
                    .set(2, collections * (i % 7))
                    .set(3, collections * (i % 1000) * 0.000_731);
        }
        MetricTable.Builder failed = MetricTable.builder(TcpMetrics.TCP_FAILED_CONNECTS);
        for (int i = 0; i < failures.size(); i++) {
            failed.row(failures.get(i)).set(0, collections * (i % 3));
        }
        return new Snapshot(
                started,
                Instant.now(),
                Map.of("machine_id", "4f6e65206d616368696e65206f6e6c79"),
                List.of(rows.build(), failed.build()));
    }
}
