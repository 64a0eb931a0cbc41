package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Ec2MetadataService;
import io.nodetelemetry.testing.LocalHttpServer;
import io.nodetelemetry.testing.LocalHttpServer.Answer;
import io.nodetelemetry.testing.LocalHttpServer.Behaviour;
import io.nodetelemetry.testing.LocalHttpServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every provider against a service that demands what the provider's documentation says it does. */
class ProviderMetadataTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private record Result(Map<CloudFact, String> facts, String trouble, List<String> requests) {}

    private static Result ask(CloudProvider provider, Behaviour service) throws IOException {
        return ask(provider.source(false), service);
    }

    private static Result ask(MetadataSource source, Behaviour service) throws IOException {
        MetadataAnswers answers = new MetadataAnswers();
        String failure = "";
        try (LocalHttpServer server = LocalHttpServer.start(service);
                MetadataExchange exchange = new MetadataExchange(server.address(), LIMIT)) {
            try {
                source.read(exchange, answers);
            } catch (UnusableAnswerException e) {
                failure = String.valueOf(e.getMessage());
            }
            return new Result(
                    answers.facts().values(),
                    failure.isEmpty() ? answers.trouble().orElse("") : failure,
                    server.requests().stream().map(Request::toString).toList());
        }
    }

    private static String document(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/cloud", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Serves values by their paths. */
    private static Behaviour paths(String root, Map<String, String> values) {
        return request -> {
            String value =
                    request.path().startsWith(root) ? values.get(request.path().substring(root.length())) : null;
            return value == null || !request.method().equals("GET") ? Answer.notFound() : Answer.ok(value);
        };
    }

    @Test
    void awsGivesATokenFirst() throws IOException {
        Result result = ask(CloudProvider.AWS, Ec2MetadataService.of());

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.ACCOUNT_ID, "123456789012",
                        CloudFact.INSTANCE_ID, "i-0abcdef1234567890",
                        CloudFact.INSTANCE_TYPE, "m7g.large",
                        CloudFact.INSTANCE_LIFE_CYCLE, "on-demand",
                        CloudFact.REGION, "eu-central-1",
                        CloudFact.AVAILABILITY_ZONE, "eu-central-1b",
                        CloudFact.AVAILABILITY_ZONE_ID, "euc1-az3",
                        CloudFact.LOCAL_IPV4, "172.31.20.5",
                        CloudFact.PUBLIC_IPV4, "3.120.4.5"));
        assertThat(result.trouble()).isEmpty();
        assertThat(result.requests()).hasSize(10).startsWith("PUT /latest/api/token");
    }

    @Test
    void awsInstanceWithoutPublicAddressIsComplete() throws IOException {
        Result result = ask(
                CloudProvider.AWS,
                Ec2MetadataService.of().with("public-ipv4", null).with("instance-life-cycle", "spot"));

        assertThat(result.trouble()).isEmpty();
        assertThat(result.facts())
                .doesNotContainKey(CloudFact.PUBLIC_IPV4)
                .containsEntry(CloudFact.INSTANCE_LIFE_CYCLE, "spot");
    }

    @Test
    void awsVersion1IsAskedOnlyIfAllowed() throws IOException {
        Result refused =
                ask(CloudProvider.AWS.source(false), Ec2MetadataService.of().ofVersion1());
        assertThat(refused.facts()).isEmpty();
        assertThat(refused.trouble()).isEqualTo("PUT /latest/api/token answered 405");
        assertThat(refused.requests()).containsExactly("PUT /latest/api/token");

        Result allowed =
                ask(CloudProvider.AWS.source(true), Ec2MetadataService.of().ofVersion1());
        assertThat(allowed.facts()).hasSize(9);
        assertThat(allowed.trouble()).isEmpty();
    }

    @Test
    void awsVersion2IsPreferredWhereBothAreAllowed() throws IOException {
        // Refuses every question without a token.
        Result result = ask(CloudProvider.AWS.source(true), Ec2MetadataService.of());
        assertThat(result.facts()).hasSize(9);
        assertThat(result.trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "", "a\u00fcb", "<html><body>log in</body></html>", "a\r\nb"})
    void aTokenThatCannotBeSentBackIsNone(String token) throws IOException {
        Result result = ask(
                CloudProvider.AWS, request -> request.method().equals("PUT") ? Answer.ok(token) : Answer.ok("value"));

        assertThat(result.trouble()).isEqualTo("it gave no token");
        assertThat(result.requests()).containsExactly("PUT /latest/api/token");
    }

    private static Behaviour gcp(Map<String, String> values) {
        Behaviour documents = paths("/computeMetadata/v1/", values);
        return request -> {
            if (!request.has("metadata-flavor", "Google") || request.headers().containsKey("x-forwarded-for")) {
                return Answer.of(403, "<!DOCTYPE html><title>Error 403 (Forbidden)!!1</title>");
            }
            Answer answer = documents.answer(request);
            return new Answer(
                    answer.status(),
                    Map.of("Metadata-Flavor", "Google", "Content-Type", "application/text"),
                    answer.body());
        };
    }

    private static Map<String, String> gcpValues() {
        return new HashMap<>(Map.of(
                "project/project-id", "my-project",
                "instance/id", "4567890123456789012",
                "instance/machine-type", "projects/123456789012/machineTypes/e2-standard-4",
                "instance/zone", "projects/123456789012/zones/europe-west1-b",
                "instance/scheduling/preemptible", "FALSE",
                "instance/network-interfaces/0/ip", "10.132.0.2",
                "instance/network-interfaces/0/access-configs/0/external-ip", "34.76.1.2"));
    }

    @Test
    void gcpIsAskedByItsFlavor() throws IOException {
        Result result = ask(CloudProvider.GCP, gcp(gcpValues()));

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.ACCOUNT_ID, "my-project",
                        CloudFact.INSTANCE_ID, "4567890123456789012",
                        CloudFact.INSTANCE_TYPE, "e2-standard-4",
                        CloudFact.INSTANCE_LIFE_CYCLE, "on-demand",
                        CloudFact.REGION, "europe-west1",
                        CloudFact.AVAILABILITY_ZONE, "europe-west1-b",
                        CloudFact.LOCAL_IPV4, "10.132.0.2",
                        CloudFact.PUBLIC_IPV4, "34.76.1.2"));
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void gcpMachineThatCanBeTakenAwayIsPreemptible() throws IOException {
        Map<String, String> values = gcpValues();
        values.put("instance/scheduling/preemptible", "TRUE");
        values.put("instance/network-interfaces/0/access-configs/0/external-ip", "");

        Result result = ask(CloudProvider.GCP, gcp(values));

        assertThat(result.facts())
                .containsEntry(CloudFact.INSTANCE_LIFE_CYCLE, "preemptible")
                .doesNotContainKey(CloudFact.PUBLIC_IPV4);
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void azureIsAskedForOneDocument() throws IOException {
        Result result = ask(CloudProvider.AZURE, request -> {
            if (!request.has("metadata", "true") || !request.target().contains("api-version=2021-05-01")) {
                return Answer.of(400, "{\"error\":\"Bad request\"}");
            }
            return request.path().equals("/metadata/instance") ? Answer.ok(document("azure.json")) : Answer.notFound();
        });

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.ACCOUNT_ID, "77aa0000-1111-4222-8333-444455556666",
                        CloudFact.INSTANCE_ID, "5b1e7a90-0000-4000-8000-00000000000a",
                        CloudFact.INSTANCE_TYPE, "Standard_A3",
                        CloudFact.REGION, "westeurope",
                        CloudFact.AVAILABILITY_ZONE, "2",
                        CloudFact.LOCAL_IPV4, "10.144.133.132",
                        CloudFact.PUBLIC_IPV4, "20.50.60.70"));
        assertThat(result.trouble()).isEmpty();
        assertThat(result.requests()).hasSize(1);
    }

    @Test
    void dropletsHaveRegionsWithoutZones() throws IOException {
        Map<String, String> values =
                Map.of("id", "2756294\n", "region", "nyc3\n", "interfaces/public/0/ipv4/address", "104.131.20.105\n");

        Result result = ask(CloudProvider.DIGITAL_OCEAN, paths("/metadata/v1/", values));

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.INSTANCE_ID, "2756294",
                        CloudFact.REGION, "nyc3",
                        CloudFact.AVAILABILITY_ZONE, "nyc3",
                        CloudFact.PUBLIC_IPV4, "104.131.20.105"));
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void hetznerIsAskedForOneDocument() throws IOException {
        Result result = ask(CloudProvider.HETZNER, paths("/hetzner/v1/", Map.of("metadata", document("hetzner.yaml"))));

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.INSTANCE_ID, "41234567",
                        CloudFact.REGION, "eu-central",
                        CloudFact.AVAILABILITY_ZONE, "fsn1-dc14",
                        CloudFact.PUBLIC_IPV4, "78.46.10.20"));
        assertThat(result.trouble()).isEmpty();
    }

    private static final Map<String, String> ALIBABA = Map.of(
            "instance-id", "i-bp13znx0m0me8cquu000",
            "instance/instance-type", "ecs.g6e.large",
            "region-id", "cn-hangzhou",
            "zone-id", "cn-hangzhou-i",
            "owner-account-id", "1609000000000000",
            "private-ipv4", "192.168.0.77",
            "eipv4", "120.55.0.9");

    private static final Map<CloudFact, String> ALIBABA_FACTS = Map.of(
            CloudFact.ACCOUNT_ID, "1609000000000000",
            CloudFact.INSTANCE_ID, "i-bp13znx0m0me8cquu000",
            CloudFact.INSTANCE_TYPE, "ecs.g6e.large",
            CloudFact.REGION, "cn-hangzhou",
            CloudFact.AVAILABILITY_ZONE, "cn-hangzhou-i",
            CloudFact.LOCAL_IPV4, "192.168.0.77",
            CloudFact.PUBLIC_IPV4, "120.55.0.9");

    @Test
    void alibabaNeedsNoTokenInNormalMode() throws IOException {
        Result result = ask(CloudProvider.ALIBABA, paths("/latest/meta-data/", ALIBABA));

        assertThat(result.facts()).isEqualTo(ALIBABA_FACTS);
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void alibabaNeedsOneInSecurityHardeningMode() throws IOException {
        Behaviour documents = paths("/latest/meta-data/", ALIBABA);
        Result result = ask(CloudProvider.ALIBABA, request -> {
            if (request.method().equals("PUT")) {
                return request.path().equals("/latest/api/token")
                                && request.headers().containsKey("x-aliyun-ecs-metadata-token-ttl-seconds")
                        ? Answer.ok("TOKEN==")
                        : Answer.of(400, "");
            }
            return request.has("x-aliyun-ecs-metadata-token", "TOKEN==")
                    ? documents.answer(request)
                    : Answer.of(403, "<?xml version=\"1.0\"?><html>403 - Forbidden</html>");
        });

        assertThat(result.facts()).isEqualTo(ALIBABA_FACTS);
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void scalewayIsAskedForOneDocument() throws IOException {
        Result result = ask(CloudProvider.SCALEWAY, paths("/", Map.of("conf", document("scaleway.conf"))));

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.INSTANCE_ID, "1e2d3c4b-0000-4000-8000-000000000003",
                        CloudFact.INSTANCE_TYPE, "DEV1-S",
                        CloudFact.REGION, "fr-par",
                        CloudFact.AVAILABILITY_ZONE, "fr-par-1",
                        CloudFact.LOCAL_IPV4, "10.68.44.9",
                        CloudFact.PUBLIC_IPV4, "51.15.20.30"));
        assertThat(result.trouble()).isEmpty();
    }

    private static Answer ibm(Request request) {
        if (!request.target().contains("?version=2025-04-22")) {
            return Answer.of(400, "{\"errors\":[{\"code\":\"missing_field\"}]}");
        }
        if (request.path().equals("/instance_identity/v1/token")) {
            return request.method().equals("PUT") && request.has("metadata-flavor", "ibm")
                    ? Answer.ok("{\"access_token\":\"eyJhbGciOi.J9-_x\",\"expires_in\":300}")
                    : Answer.of(400, "{\"errors\":[{\"code\":\"invalid_header\"}]}");
        }
        if (!request.has("authorization", "Bearer eyJhbGciOi.J9-_x")) {
            return Answer.of(401, "{\"errors\":[{\"code\":\"not_authorized\"}]}");
        }
        return request.path().equals("/metadata/v1/instance") ? Answer.ok(document("ibm.json")) : Answer.notFound();
    }

    @Test
    void ibmGivesATokenFirst() throws IOException {
        Result result = ask(CloudProvider.IBM, ProviderMetadataTest::ibm);

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.ACCOUNT_ID, "aa2432b1fa4d4ace891e9b80fc104e34",
                        CloudFact.INSTANCE_ID, "eb1b7391-2ca2-4ab5-84a8-b92157a633b0",
                        CloudFact.INSTANCE_TYPE, "bx2-2x8",
                        CloudFact.REGION, "us-south",
                        CloudFact.AVAILABILITY_ZONE, "us-south-1",
                        CloudFact.LOCAL_IPV4, "192.168.3.4"));
        assertThat(result.trouble()).isEmpty();
        assertThat(result.requests()).hasSize(2);
    }

    private static Answer oracle(Request request) {
        if (!request.has("authorization", "Bearer Oracle")) {
            return Answer.of(401, "");
        }
        return switch (request.path()) {
            case "/opc/v2/instance/" -> Answer.ok(document("oracle.json"));
            case "/opc/v2/vnics/" -> Answer.ok(document("oracle-vnics.json"));
            default -> Answer.notFound();
        };
    }

    @Test
    void oracleNumbersItsDomainsByRegion() throws IOException {
        Result result = ask(CloudProvider.ORACLE, ProviderMetadataTest::oracle);

        assertThat(result.facts())
                .isEqualTo(Map.of(
                        CloudFact.ACCOUNT_ID, "ocid1.tenancy.oc1..tenant",
                        CloudFact.INSTANCE_ID, "ocid1.instance.oc1.phx.exampleuniqueID",
                        CloudFact.INSTANCE_TYPE, "VM.Standard.E3.Flex",
                        CloudFact.REGION, "us-phoenix-1",
                        CloudFact.AVAILABILITY_ZONE, "us-phoenix-1-ad-1",
                        CloudFact.LOCAL_IPV4, "10.0.0.12"));
        assertThat(result.trouble()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatKnowsNothingIsTroubleNotAnAnswer(CloudProvider provider) throws IOException {
        Result result = ask(provider, request -> Answer.notFound());

        assertThat(result.facts()).isEmpty();
        assertThat(result.trouble()).isIn("it gave no token", "it knows no instance id");
    }

    @ParameterizedTest
    @EnumSource
    void pagesRedirectsFaultsAndHalfDocumentsGiveNoFacts(CloudProvider provider) throws IOException {
        for (Answer answer : List.of(
                Answer.ok("<html><body>Please log in</body></html>"),
                Answer.ok("line one\nline two\nid line\n"),
                new Answer(302, Map.of("Location", "/elsewhere"), ""),
                Answer.of(500, "oops"),
                Answer.of(401, ""),
                Answer.of(407, ""),
                Answer.of(204, ""),
                Answer.ok("{\"compute\": {\"vmId\": \"x"))) {
            Result result = ask(
                    provider,
                    request -> request.method().equals("PUT") ? Answer.ok("{\"access_token\":\"x\"}") : answer);
            boolean plain = answer.body().startsWith("{") && isPlain(provider);
            if (!plain) {
                assertThat(result.facts()).as("%s: %s", provider, answer).isEmpty();
                assertThat(result.trouble()).as("%s: %s", provider, answer).isNotEmpty();
            }
            assertThat(result.requests()).noneMatch(request -> request.contains("elsewhere"));
        }
    }

    /** Whether its values are documents of their own, which may look like anything. */
    private static boolean isPlain(CloudProvider provider) {
        return switch (provider) {
            case AWS, GCP, DIGITAL_OCEAN, ALIBABA -> true;
            case AZURE, HETZNER, SCALEWAY, IBM, ORACLE -> false;
        };
    }

    @Test
    void aRefusedFactCostsItselfAlone() throws IOException {
        Ec2MetadataService service = Ec2MetadataService.of();
        Result result = ask(
                CloudProvider.AWS,
                request -> request.path().endsWith("/placement/region") ? Answer.of(500, "") : service.answer(request));

        assertThat(result.facts()).hasSize(8).doesNotContainKey(CloudFact.REGION);
        assertThat(result.trouble()).isEqualTo("GET /latest/meta-data/placement/region answered 500");
    }
}
