package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.util.Optional;

/** A droplet's metadata (DigitalOcean's Metadata API reference). Regions have no zones: the region stands for both. */
final class DigitalOceanMetadata implements MetadataSource {
    private static final String ROOT = "/metadata/v1/";

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        answers.ask(CloudFact.INSTANCE_ID, () -> service.text(ROOT + "id"));
        answers.ask(CloudFact.REGION, () -> {
            Optional<String> region = service.text(ROOT + "region");
            answers.put(CloudFact.AVAILABILITY_ZONE, region);
            return region;
        });
        answers.ask(CloudFact.LOCAL_IPV4, () -> service.text(ROOT + "interfaces/private/0/ipv4/address"));
        answers.ask(CloudFact.PUBLIC_IPV4, () -> service.text(ROOT + "interfaces/public/0/ipv4/address"));
    }
}
