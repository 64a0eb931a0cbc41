package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metadata of an instance in IBM's VPC (IBM Cloud, "VPC Instance Metadata API"): a token first, then one document. */
final class IbmMetadata implements MetadataSource {
    private static final String VERSION = "?version=2025-04-22";
    private static final String TOKEN = "/access_token";
    private static final String ID = "/id";
    private static final String CRN = "/crn";
    private static final String ZONE = "/zone/name";
    private static final String PROFILE = "/profile/name";
    private static final String ADDRESS = "/primary_network_interface/primary_ip/address";

    /** Cloud resource name; its seventh part is the scope, {@code a/} and the account. */
    private static final Pattern ACCOUNT = Pattern.compile("crn:(?:[^:]*:){5}a/([^:]+):.*");

    /** Each instance is set to one of the two; the second has a certificate and therefore a name. */
    @Override
    public List<URI> endpoints() {
        return List.of(URI.create("http://169.254.169.254"), URI.create("https://api.metadata.cloud.ibm.com"));
    }

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        Optional<byte[]> document = service.document(
                "/metadata/v1/instance" + VERSION,
                "Accept",
                "application/json",
                "Authorization",
                "Bearer " + token(service));
        if (document.isEmpty()) {
            return;
        }
        JsonValues json = JsonValues.parse(document.get(), Set.of(ID, CRN, ZONE, PROFILE, ADDRESS));
        answers.put(CloudFact.INSTANCE_ID, json.text(ID));
        answers.put(CloudFact.ACCOUNT_ID, json.text(CRN).flatMap(IbmMetadata::account));
        answers.put(CloudFact.AVAILABILITY_ZONE, json.text(ZONE));
        answers.put(CloudFact.REGION, json.text(ZONE).map(ZoneName::region));
        answers.put(CloudFact.INSTANCE_TYPE, json.text(PROFILE));
        answers.put(CloudFact.LOCAL_IPV4, json.text(ADDRESS));
    }

    private static String token(MetadataExchange service) throws IOException {
        Optional<byte[]> document = service.put("/instance_identity/v1/token" + VERSION, "Metadata-Flavor", "ibm");
        Optional<String> token = document.isEmpty()
                ? Optional.empty()
                : JsonValues.parse(document.get(), Set.of(TOKEN)).text(TOKEN);
        return MetadataExchange.token(token.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<String> account(String crn) {
        Matcher matcher = ACCOUNT.matcher(crn);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
