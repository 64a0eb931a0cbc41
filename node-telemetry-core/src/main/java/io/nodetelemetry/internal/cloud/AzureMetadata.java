package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Azure's instance metadata service (Azure documentation, "Azure Instance Metadata Service for virtual machines"): one
 * document. It does not say how the machine was bought.
 */
final class AzureMetadata implements MetadataSource {
    private static final String DOCUMENT = "/metadata/instance?api-version=2021-05-01&format=json";
    private static final String ADDRESS = "/network/interface/0/ipv4/ipAddress/0/";

    private static final Map<CloudFact, String> VALUES = new EnumMap<>(Map.of(
            CloudFact.ACCOUNT_ID, "/compute/subscriptionId",
            CloudFact.INSTANCE_ID, "/compute/vmId",
            CloudFact.INSTANCE_TYPE, "/compute/vmSize",
            CloudFact.REGION, "/compute/location",
            CloudFact.AVAILABILITY_ZONE, "/compute/zone",
            CloudFact.LOCAL_IPV4, ADDRESS + "privateIpAddress",
            CloudFact.PUBLIC_IPV4, ADDRESS + "publicIpAddress"));

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        Optional<byte[]> document = service.document(DOCUMENT, "Metadata", "true");
        if (document.isPresent()) {
            JsonValues json = JsonValues.parse(document.get(), Set.copyOf(VALUES.values()));
            VALUES.forEach((fact, pointer) -> answers.put(fact, json.text(pointer)));
        }
    }
}
