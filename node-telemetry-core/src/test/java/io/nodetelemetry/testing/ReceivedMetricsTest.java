package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceivedMetricsTest {
    /** Written by rotel 0.0.1a15, shortened. */
    private static final String LOG = """
            INFO Starting Rotel. grpc_endpoint="127.0.0.1:26191"
            ResourceMetrics #0
            Resource SchemaURL:\s
            Resource attributes:
                 -> service.name: Str(node-telemetry)
            ScopeMetrics #0
            InstrumentationScope io.nodetelemetry\s
            Metric #0
            Descriptor:
                 -> Name: container_net_tcp_active_connections
                 -> Description:\s
                 -> Unit: {connection}
                 -> DataType: Gauge
            NumberDataPoints #0
            Data point attributes:
                 -> container_id: Str(/docker/d (1))
            StartTimestamp: 1795407366737136268
            Timestamp: 1795407366737557335
            Value: 2.5
            Metric #1
            Descriptor:
                 -> Name: container.net.tcp.connection_time
                 -> Description: Time: all of it.
                 -> Unit: s
                 -> DataType: Sum
                 -> IsMonotonic: true
                 -> AggregationTemporality: AGGREGATION_TEMPORALITY_CUMULATIVE
            NumberDataPoints #0
            Data point attributes:
                 -> container_id: Str(/docker/a)
            Value: 3
            NumberDataPoints #1
            Data point attributes:
                 -> container_id: Str(/docker/b)
                 -> destination: Str([fd00::1]:81)
            Value: 4
            Metric #2
            Descriptor:
                 -> Name: somebody.elses
                 -> Unit: s
                 -> DataType: Histogram
            HistogramDataPoints #0
            Data point attributes:
                 -> x: Str(y)
            Count: 1
            Sum: 0.037402769
            """;

    @Test
    void numberPointsBecomeSeriesWithPrometheusNames() {
        ReceivedMetrics received = ReceivedMetrics.parse(LOG);

        assertThat(received.samples())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        series("container_net_tcp_active_connections", Map.of("container_id", "/docker/d (1)")),
                        2.5,
                        series("container_net_tcp_connection_time_seconds_total", Map.of("container_id", "/docker/a")),
                        3.0,
                        series(
                                "container_net_tcp_connection_time_seconds_total",
                                Map.of("container_id", "/docker/b", "destination", "[fd00::1]:81")),
                        4.0));
        assertThat(received.resource()).isEqualTo(Map.of("service.name", "node-telemetry"));
    }

    @Test
    void theLastValueOfASeriesCounts() {
        ReceivedMetrics received = ReceivedMetrics.parse(LOG + LOG.replace("Value: 2.5", "Value: 7"));

        assertThat(received.samples())
                .hasSize(3)
                .containsEntry(
                        series("container_net_tcp_active_connections", Map.of("container_id", "/docker/d (1)")), 7.0);
    }

    @Test
    void aLogThatBreaksOffAnywhereLosesItsLastPointAtMost() {
        Random random = new Random(20261123);
        for (int round = 0; round < 500; round++) {
            String cut = LOG.substring(0, random.nextInt(LOG.length()));
            assertThat(ReceivedMetrics.parse(cut.substring(0, cut.lastIndexOf('\n') + 1))
                            .samples())
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    private static Scrape.Series series(String name, Map<String, String> labels) {
        return new Scrape.Series(name, labels);
    }
}
