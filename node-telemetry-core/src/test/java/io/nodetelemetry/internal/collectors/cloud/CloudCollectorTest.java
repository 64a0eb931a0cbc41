package io.nodetelemetry.internal.collectors.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.cloud.CloudFact;
import io.nodetelemetry.internal.cloud.CloudFacts;
import io.nodetelemetry.internal.cloud.MetadataPoll;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import io.nodetelemetry.testing.Ec2MetadataService;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LocalHttpServer;
import io.nodetelemetry.testing.LocalHttpServer.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudCollectorTest {
    private static final Path TREES = Path.of("src/test/resources/dmi").toAbsolutePath();
    private static final Duration SOON = Duration.ofSeconds(20);

    private static CloudCollector start(String tree, Map<CloudFact, String> said, Optional<URI> endpoint) {
        CloudCollector collector = new CloudCollector(
                new CloudFacts(said), endpoint.map(url -> MetadataPoll.Config.DEFAULT.withEndpoint(Optional.of(url))));
        Path root = TREES.resolve(tree);
        collector.start(new CollectorContext(InstantSource.system(), root, root, root));
        return collector;
    }

    /** The labels of the one row that are not empty. */
    private static Map<String, String> row(CloudCollector collector) {
        List<MetricTable> tables = collector.collect();
        assertThat(tables).hasSize(1);
        MetricTable table = tables.getFirst();
        assertThat(table.families()).containsExactly(NodeMetrics.NODE_CLOUD_INFO);
        assertThat(table.size()).isEqualTo(1);
        assertThat(table.longValue(0, 0)).isEqualTo(1);
        Labels labels = table.labels(0);
        Map<String, String> known = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.get(i).isEmpty()) {
                known.put(table.keys().get(i), labels.get(i));
            }
        }
        return known;
    }

    @Test
    void everyFactHasItsLabel() {
        try (LocalHttpServer server = LocalHttpServer.start(Ec2MetadataService.of());
                CloudCollector collector = start("aws-nitro", Map.of(), Optional.of(server.address()))) {
            Eventually.within(
                    SOON,
                    () -> assertThat(row(collector))
                            .isEqualTo(Map.of(
                                    "account_id", "123456789012",
                                    "availability_zone", "eu-central-1b",
                                    "availability_zone_id", "euc1-az3",
                                    "instance_id", "i-0abcdef1234567890",
                                    "instance_life_cycle", "on-demand",
                                    "instance_type", "m7g.large",
                                    "local_ipv4", "172.31.20.5",
                                    "provider", "AWS",
                                    "public_ipv4", "3.120.4.5",
                                    "region", "eu-central-1")));
            assertThat(collector.resourceAttributes())
                    .isEqualTo(Map.of(
                            "cloud.account.id", "123456789012",
                            "cloud.availability_zone", "eu-central-1b",
                            "cloud.platform", "aws_ec2",
                            "cloud.provider", "aws",
                            "cloud.region", "eu-central-1",
                            "host.type", "m7g.large"));
            assertThat(collector.degraded()).isEmpty();
            // Kept, so that its text need not be encoded again.
            assertThat(collector.collect()).isEqualTo(collector.collect());
        }
    }

    @Test
    void whatTheOperatorSaysGoesBeforeWhatTheServiceSays() {
        Map<CloudFact, String> said = Map.of(
                CloudFact.PROVIDER, "aws",
                CloudFact.REGION, "r",
                CloudFact.AVAILABILITY_ZONE, "z",
                CloudFact.INSTANCE_TYPE, "t",
                CloudFact.INSTANCE_LIFE_CYCLE, "l");
        try (LocalHttpServer server = LocalHttpServer.start(Ec2MetadataService.of());
                CloudCollector collector = start("qemu", said, Optional.of(server.address()))) {
            assertThat(row(collector)).containsEntry("provider", "aws").containsEntry("region", "r");

            Eventually.within(
                    SOON,
                    () -> assertThat(row(collector))
                            .isEqualTo(Map.of(
                                    "account_id", "123456789012",
                                    "availability_zone", "z",
                                    "availability_zone_id", "euc1-az3",
                                    "instance_id", "i-0abcdef1234567890",
                                    "instance_life_cycle", "l",
                                    "instance_type", "t",
                                    "local_ipv4", "172.31.20.5",
                                    "provider", "aws",
                                    "public_ipv4", "3.120.4.5",
                                    "region", "r")));
            assertThat(collector.resourceAttributes())
                    .containsEntry("cloud.provider", "aws")
                    .containsEntry("cloud.region", "r")
                    .containsEntry("host.type", "t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu", "laptop", "hyper-v", "chromebook", "xen-elsewhere", "no-such-tree"})
    void offTheCloudsNobodyIsAskedAndNoThreadIsStarted(String tree) {
        try (LocalHttpServer server = LocalHttpServer.start(request -> Answer.notFound());
                CloudCollector collector = start(tree, Map.of(), Optional.of(server.address()))) {
            assertNobodyAsks();
            assertThat(row(collector)).isEmpty();
            assertThat(collector.resourceAttributes()).isEmpty();
            assertThat(collector.degraded()).isEmpty();
            assertThat(server.requests()).isEmpty();
        }
    }

    /** It would be there at once and for as long as the collector is; that of another test may be about to end. */
    private static void assertNobodyAsks() {
        Eventually.within(
                SOON,
                () -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("nodetelemetry-cloud")));
    }

    /** The counterpart: the same server is asked. */
    @ParameterizedTest
    @CsvSource({"aws-xen,", "oracle,", "no-such-tree, Hetzner", "laptop, GCP"})
    void firmwareOrOperatorNamesWhoIsAsked(String tree, @Nullable String provider) {
        Map<CloudFact, String> said = provider == null ? Map.of() : Map.of(CloudFact.PROVIDER, provider);
        try (LocalHttpServer server = LocalHttpServer.start(request -> Answer.notFound());
                CloudCollector collector = start(tree, said, Optional.of(server.address()))) {
            Eventually.within(SOON, () -> assertThat(server.requests()).isNotEmpty());
            Eventually.within(SOON, () -> assertThat(collector.degraded()).isPresent());
            assertThat(row(collector)).containsOnlyKeys("provider");
        }
    }

    @Test
    void aProviderWithoutServiceIsALabelAlone() {
        try (LocalHttpServer server = LocalHttpServer.start(request -> Answer.notFound());
                CloudCollector collector =
                        start("aws-nitro", Map.of(CloudFact.PROVIDER, "our cellar"), Optional.of(server.address()))) {
            assertNobodyAsks();
            assertThat(row(collector)).isEqualTo(Map.of("provider", "our cellar"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void ifAskingIsOffTheFirmwareStillNamesTheProvider() {
        try (CloudCollector collector = start("gcp", Map.of(), Optional.empty())) {
            assertNobodyAsks();
            assertThat(row(collector)).isEqualTo(Map.of("provider", "GCP"));
        }
    }
}
