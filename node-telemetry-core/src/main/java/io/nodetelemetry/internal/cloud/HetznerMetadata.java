package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A Hetzner Cloud server's metadata (Hetzner Cloud API, "Server Metadata"): one YAML document. */
final class HetznerMetadata implements MetadataSource {
    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        Optional<byte[]> document = service.document("/hetzner/v1/metadata");
        if (document.isPresent()) {
            KeyedLines lines = KeyedLines.yaml(new String(document.get(), StandardCharsets.UTF_8));
            answers.put(CloudFact.INSTANCE_ID, lines.text("instance-id"));
            answers.put(CloudFact.REGION, lines.text("region"));
            answers.put(CloudFact.AVAILABILITY_ZONE, lines.text("availability-zone"));
            answers.put(CloudFact.LOCAL_IPV4, lines.text("local-ipv4"));
            answers.put(CloudFact.PUBLIC_IPV4, lines.text("public-ipv4"));
        }
    }
}
