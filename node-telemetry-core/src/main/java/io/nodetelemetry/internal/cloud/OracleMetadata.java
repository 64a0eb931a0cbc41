package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Oracle Cloud's instance metadata service, version 2 (OCI documentation, "Getting Instance Metadata"). */
final class OracleMetadata implements MetadataSource {
    private static final String ID = "/id";
    private static final String TENANT = "/tenantId";
    private static final String REGION = "/canonicalRegionName";
    private static final String DOMAIN = "/availabilityDomain";
    private static final String SHAPE = "/shape";
    private static final String ADDRESS = "/0/privateIp";

    /** Each tenant sees another prefix, such as {@code NWuj:PHX-AD-1}; the number is what tells them apart. */
    private static final Pattern DOMAIN_NUMBER = Pattern.compile(".*-AD-([0-9]+)", Pattern.CASE_INSENSITIVE);

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        Optional<byte[]> document = document(service, "/opc/v2/instance/");
        if (document.isPresent()) {
            JsonValues json = JsonValues.parse(document.get(), Set.of(ID, TENANT, REGION, DOMAIN, SHAPE));
            answers.put(CloudFact.INSTANCE_ID, json.text(ID));
            answers.put(CloudFact.ACCOUNT_ID, json.text(TENANT));
            answers.put(CloudFact.REGION, json.text(REGION));
            answers.put(
                    CloudFact.AVAILABILITY_ZONE,
                    json.text(DOMAIN)
                            .map(domain -> zone(domain, json.text(REGION).orElse(""))));
            answers.put(CloudFact.INSTANCE_TYPE, json.text(SHAPE));
        }
        answers.ask(CloudFact.LOCAL_IPV4, () -> address(service));
    }

    private static Optional<byte[]> document(MetadataExchange service, String path) throws IOException {
        return service.document(path, "Authorization", "Bearer Oracle");
    }

    private static Optional<String> address(MetadataExchange service) throws IOException {
        Optional<byte[]> interfaces = document(service, "/opc/v2/vnics/");
        return interfaces.isEmpty()
                ? Optional.empty()
                : JsonValues.parse(interfaces.get(), Set.of(ADDRESS)).text(ADDRESS);
    }

    private static String zone(String domain, String region) {
        Matcher matcher = DOMAIN_NUMBER.matcher(domain);
        return matcher.matches() && !region.isEmpty() ? region + "-ad-" + matcher.group(1) : domain;
    }
}
