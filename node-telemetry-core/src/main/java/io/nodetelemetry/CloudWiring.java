package io.nodetelemetry;

import io.nodetelemetry.internal.cloud.CloudFact;
import io.nodetelemetry.internal.cloud.CloudFacts;
import io.nodetelemetry.internal.cloud.MetadataPoll;
import io.nodetelemetry.internal.collectors.cloud.CloudCollector;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The cloud collector as it is configured. */
final class CloudWiring {
    private CloudWiring() {}

    static CloudCollector collector(NodeTelemetryConfig.Cloud cloud) {
        Map<CloudFact, String> said = new EnumMap<>(CloudFact.class);
        cloud.provider().ifPresent(name -> said.put(CloudFact.PROVIDER, name));
        cloud.region().ifPresent(name -> said.put(CloudFact.REGION, name));
        cloud.availabilityZone().ifPresent(name -> said.put(CloudFact.AVAILABILITY_ZONE, name));
        cloud.instanceType().ifPresent(name -> said.put(CloudFact.INSTANCE_TYPE, name));
        cloud.instanceLifeCycle().ifPresent(name -> said.put(CloudFact.INSTANCE_LIFE_CYCLE, name));
        NodeTelemetryConfig.CloudMetadata metadata = cloud.metadata();
        MetadataPoll.Config asking =
                MetadataPoll.Config.DEFAULT.withEndpoint(metadata.endpoint()).withImdsV1(metadata.allowImdsV1());
        return new CloudCollector(new CloudFacts(said), metadata.enabled() ? Optional.of(asking) : Optional.empty());
    }
}
