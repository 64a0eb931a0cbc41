package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * EC2's instance metadata service, version 2: a token first, sent along with every question (EC2 User Guide, "Use the
 * Instance Metadata Service to access instance metadata"). Version 1, which knows no tokens, is asked if that is allowed
 * and version 2 gives none: it lets itself be talked to by whoever can make some program on the machine fetch a page.
 */
final class AwsMetadata implements MetadataSource {
    private static final String TOKEN_PATH = "/latest/api/token";
    private static final String TOKEN_HEADER = "X-aws-ec2-metadata-token";
    private static final String TOKEN_SECONDS_HEADER = "X-aws-ec2-metadata-token-ttl-seconds";
    private static final String DATA = "/latest/meta-data/";
    private static final String ACCOUNT = "/AccountId";
    private static final String[] NO_HEADERS = {};
    /** The token does not reach a container behind a bridge if its packets may make one hop only, the default. */
    private static final Duration LONGEST_WAIT_IF_VERSION_1_IS_ALLOWED = Duration.ofSeconds(1);

    private static final Map<CloudFact, String> VALUES = new EnumMap<>(Map.of(
            CloudFact.INSTANCE_ID, "instance-id",
            CloudFact.INSTANCE_TYPE, "instance-type",
            CloudFact.INSTANCE_LIFE_CYCLE, "instance-life-cycle",
            CloudFact.REGION, "placement/region",
            CloudFact.AVAILABILITY_ZONE, "placement/availability-zone",
            CloudFact.AVAILABILITY_ZONE_ID, "placement/availability-zone-id",
            CloudFact.LOCAL_IPV4, "local-ipv4",
            CloudFact.PUBLIC_IPV4, "public-ipv4"));

    private final boolean allowVersion1;

    AwsMetadata(boolean allowVersion1) {
        this.allowVersion1 = allowVersion1;
    }

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        String[] headers = headers(service);
        for (Map.Entry<CloudFact, String> value : VALUES.entrySet()) {
            answers.ask(value.getKey(), () -> service.text(DATA + value.getValue(), headers));
        }
        answers.ask(CloudFact.ACCOUNT_ID, () -> account(service, headers));
    }

    private String[] headers(MetadataExchange service) throws IOException {
        try {
            Optional<byte[]> token = allowVersion1
                    ? service.put(LONGEST_WAIT_IF_VERSION_1_IS_ALLOWED, TOKEN_PATH, TOKEN_SECONDS_HEADER, "60")
                    : service.put(TOKEN_PATH, TOKEN_SECONDS_HEADER, "60");
            return new String[] {TOKEN_HEADER, MetadataExchange.token(token)};
        } catch (IOException e) {
            if (allowVersion1) {
                return NO_HEADERS;
            }
            throw e;
        }
    }

    private static Optional<String> account(MetadataExchange service, String... headers) throws IOException {
        Optional<byte[]> document = service.document(DATA + "identity-credentials/ec2/info", headers);
        return document.isEmpty()
                ? Optional.empty()
                : JsonValues.parse(document.get(), Set.of(ACCOUNT)).text(ACCOUNT);
    }
}
