package io.nodetelemetry.internal.cloud;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Cloud facts as attributes of an OpenTelemetry resource (semantic conventions, "Cloud" and "Host"). */
public final class CloudAttributes {
    private CloudAttributes() {}

    /**
     * The attributes of what is known. {@code host.id} is not among them, though the conventions would have the instance
     * id there: it was sent before the instance id could be known, and a host must not change its name.
     */
    public static Map<String, String> of(CloudFacts facts) {
        Map<String, String> attributes = new TreeMap<>();
        facts.value(CloudFact.PROVIDER).ifPresent(name -> {
            Optional<CloudProvider> provider = CloudProvider.named(name);
            attributes.put(
                    "cloud.provider",
                    provider.map(CloudProvider::conventionalName).orElse(name));
            // Only a machine has an instance id.
            if (facts.value(CloudFact.INSTANCE_ID).isPresent()) {
                provider.flatMap(CloudProvider::platform)
                        .ifPresent(platform -> attributes.put("cloud.platform", platform));
            }
        });
        facts.value(CloudFact.ACCOUNT_ID).ifPresent(id -> attributes.put("cloud.account.id", id));
        facts.value(CloudFact.REGION).ifPresent(region -> attributes.put("cloud.region", region));
        facts.value(CloudFact.AVAILABILITY_ZONE).ifPresent(zone -> attributes.put("cloud.availability_zone", zone));
        facts.value(CloudFact.INSTANCE_TYPE).ifPresent(type -> attributes.put("host.type", type));
        return Map.copyOf(attributes);
    }
}
