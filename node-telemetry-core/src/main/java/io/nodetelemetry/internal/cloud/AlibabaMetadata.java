package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata of an Alibaba Cloud ECS instance (Elastic Compute Service, "Instance metadata"). In security hardening mode it
 * wants a token; in the other one it gives one too.
 */
final class AlibabaMetadata implements MetadataSource {
    private static final String DATA = "/latest/meta-data/";
    private static final String[] NO_HEADERS = {};

    private static final Map<CloudFact, String> VALUES = new EnumMap<>(Map.of(
            CloudFact.ACCOUNT_ID, "owner-account-id",
            CloudFact.INSTANCE_ID, "instance-id",
            CloudFact.INSTANCE_TYPE, "instance/instance-type",
            CloudFact.REGION, "region-id",
            CloudFact.AVAILABILITY_ZONE, "zone-id",
            CloudFact.LOCAL_IPV4, "private-ipv4",
            CloudFact.PUBLIC_IPV4, "eipv4"));

    @Override
    public List<URI> endpoints() {
        return List.of(URI.create("http://100.100.100.200"));
    }

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        String[] headers = headers(service);
        for (Map.Entry<CloudFact, String> value : VALUES.entrySet()) {
            answers.ask(value.getKey(), () -> service.text(DATA + value.getValue(), headers));
        }
    }

    private static String[] headers(MetadataExchange service) throws IOException {
        try {
            String token = MetadataExchange.token(
                    service.put("/latest/api/token", "X-aliyun-ecs-metadata-token-ttl-seconds", "60"));
            return new String[] {"X-aliyun-ecs-metadata-token", token};
        } catch (UnusableAnswerException e) {
            // An old service that knows no tokens; one that wants them will say so to each question.
            return NO_HEADERS;
        }
    }
}
