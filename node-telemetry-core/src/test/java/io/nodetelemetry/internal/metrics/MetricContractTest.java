package io.nodetelemetry.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Dashboards made for other agents of the field read these names, types and labels; the catalog must not stray. */
class MetricContractTest {
    /** Name, type and sorted labels, constant ones left out. */
    private static Map<String, String> contract() throws IOException {
        try (InputStream in =
                requireNonNull(MetricContractTest.class.getResourceAsStream("/contract/prometheus-metrics.tsv"))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf('\t')),
                            line -> line.substring(line.indexOf('\t') + 1),
                            (first, second) -> {
                                throw new AssertionError("twice in the contract: " + second);
                            },
                            TreeMap::new));
        }
    }

    private static String facts(MetricFamily family) {
        return (family.kind() == MetricKind.COUNTER ? "counter" : "gauge") + "\t" + String.join(",", family.keys());
    }

    @Test
    void whatTheCatalogHasOfTheContractIsExactlyAsTheContractSays() throws IOException {
        Map<String, String> contract = contract();
        Map<String, String> ours = new TreeMap<>();
        for (MetricFamily family : Catalog.ALL) {
            if (contract.containsKey(family.prometheusName())) {
                ours.put(family.prometheusName(), facts(family));
            }
        }
        assertThat(contract).containsAllEntriesOf(ours);
        assertThat(ours.keySet()).containsAll(REACHED);
    }

    /** Grows with the product: what is here may never go away again. */
    private static final List<String> REACHED = List.of(
            "container_log_messages_total",
            "container_net_tcp_active_connections",
            "container_net_tcp_bytes_received_total",
            "container_net_tcp_bytes_sent_total",
            "container_net_tcp_connection_time_seconds_total",
            "container_net_tcp_failed_connects_total",
            "container_net_tcp_listen_info",
            "container_net_tcp_retransmits_total",
            "container_net_tcp_successful_connects_total",
            "container_oom_kills_total",
            "container_resources_cpu_delay_seconds_total",
            "container_resources_disk_delay_seconds_total",
            "node_agent_info",
            "node_cloud_info",
            "node_info",
            "node_net_interface_ip",
            "node_net_interface_up",
            "node_net_received_bytes_total",
            "node_net_received_packets_total",
            "node_net_transmitted_bytes_total",
            "node_net_transmitted_packets_total",
            "node_resources_cpu_logical_cores",
            "node_resources_cpu_usage_seconds_total",
            "node_resources_disk_io_time_seconds_total",
            "node_resources_disk_read_bytes_total",
            "node_resources_disk_read_time_seconds_total",
            "node_resources_disk_reads_total",
            "node_resources_disk_write_time_seconds_total",
            "node_resources_disk_writes_total",
            "node_resources_disk_written_bytes_total",
            "node_resources_memory_available_bytes",
            "node_resources_memory_cached_bytes",
            "node_resources_memory_free_bytes",
            "node_resources_memory_total_bytes",
            "promhttp_metric_handler_errors_total");
}
