package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A Scaleway instance's metadata (Scaleway documentation, "Using the metadata API"): one file of shell variables. */
final class ScalewayMetadata implements MetadataSource {
    @Override
    public List<URI> endpoints() {
        return List.of(URI.create("http://169.254.42.42"));
    }

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        Optional<byte[]> document = service.document("/conf");
        if (document.isPresent()) {
            KeyedLines lines = KeyedLines.variables(new String(document.get(), StandardCharsets.UTF_8));
            answers.put(CloudFact.INSTANCE_ID, lines.text("ID"));
            answers.put(CloudFact.INSTANCE_TYPE, lines.text("COMMERCIAL_TYPE"));
            answers.put(CloudFact.AVAILABILITY_ZONE, lines.text("ZONE"));
            answers.put(CloudFact.REGION, lines.text("ZONE").map(ZoneName::region));
            answers.put(CloudFact.LOCAL_IPV4, lines.text("PRIVATE_IP"));
            answers.put(CloudFact.PUBLIC_IPV4, lines.text("PUBLIC_IP_ADDRESS"));
        }
    }
}
