package io.nodetelemetry.internal.collectors.cloud;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.cloud.CloudAttributes;
import io.nodetelemetry.internal.cloud.CloudFact;
import io.nodetelemetry.internal.cloud.CloudFacts;
import io.nodetelemetry.internal.cloud.CloudProvider;
import io.nodetelemetry.internal.cloud.DmiCloud;
import io.nodetelemetry.internal.cloud.MetadataPoll;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.NodeMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cloud instance the node is: one row always, and in it what the operator said over what the cloud's
 * metadata service says. Nobody is asked unless the firmware or the operator names a cloud that has such a service.
 */
public final class CloudCollector implements Collector, PartlyWorking {
    private final CloudFacts overrides;
    private final Optional<MetadataPoll.Config> asking;
    private @Nullable MetadataPoll poll;
    private CloudFacts detected = CloudFacts.NONE;
    private CloudFacts learned = CloudFacts.NONE;
    private MetricTable table;
    private volatile Map<String, String> attributes;

    /**
     * Nothing is read or asked yet.
     *
     * @param overrides what the operator says
     * @param asking how the metadata service is asked; empty: never
     */
    public CloudCollector(CloudFacts overrides, Optional<MetadataPoll.Config> asking) {
        this.overrides = overrides;
        this.asking = asking;
        table = table(overrides);
        attributes = CloudAttributes.of(overrides);
    }

    @Override
    public String name() {
        return "cloud";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(NodeMetrics.NODE_CLOUD_INFO);
    }

    @Override
    public void start(CollectorContext context) {
        Optional<CloudProvider> provider = overrides
                .value(CloudFact.PROVIDER)
                .map(CloudProvider::named)
                .orElseGet(() -> DmiCloud.detect(context.sysRoot()));
        detected = provider.map(CloudFacts::of).orElse(CloudFacts.NONE);
        if (provider.isPresent() && asking.isPresent()) {
            poll = MetadataPoll.start(provider.get(), asking.get());
        }
    }

    @Override
    public List<MetricTable> collect() {
        CloudFacts current = poll == null ? detected : poll.facts();
        if (!current.equals(learned)) {
            learned = current;
            CloudFacts facts = current.overriddenBy(overrides);
            table = table(facts);
            attributes = CloudAttributes.of(facts);
        }
        return List.of(table);
    }

    /** The same facts as attributes of an OpenTelemetry resource, as of the last read. For any thread. */
    public Map<String, String> resourceAttributes() {
        return attributes;
    }

    @Override
    public Optional<String> degraded() {
        return poll == null ? Optional.empty() : poll.trouble();
    }

    private static MetricTable table(CloudFacts facts) {
        Map<String, String> byLabel = Stream.of(CloudFact.values())
                .collect(Collectors.toMap(
                        CloudFact::label, fact -> facts.value(fact).orElse("")));
        String[] values = NodeMetrics.NODE_CLOUD_INFO.keys().stream()
                .map(key -> byLabel.getOrDefault(key, ""))
                .toArray(String[]::new);
        return MetricTable.builder(NodeMetrics.NODE_CLOUD_INFO)
                .row(Labels.of(values))
                .set(0, 1)
                .build();
    }

    @Override
    public void close() {
        if (poll != null) {
            poll.close();
            poll = null;
        }
    }
}
