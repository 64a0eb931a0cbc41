package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CloudFactsTest {
    private static String kept(String value) {
        return new CloudFacts(Map.of(CloudFact.REGION, value))
                .value(CloudFact.REGION)
                .orElse("");
    }

    @Test
    void whatIsInvisibleOrBreaksLinesIsTakenOut() {
        assertThat(kept(" eu-\u0000\u0007west\r\n-1\u2028\u2029\u202e\ufeff\t "))
                .isEqualTo("eu-west-1");
        assertThat(kept("\ud83d\ude00 \u00fcber \"x\\y\"{}")).isEqualTo("\ud83d\ude00 \u00fcber \"x\\y\"{}");
        assertThat(kept("half a pair \ud83d")).isEqualTo("half a pair");
    }

    @Test
    void whatIsEmptyThenIsNotKnown() {
        assertThat(new CloudFacts(Map.of(CloudFact.REGION, "", CloudFact.PUBLIC_IPV4, "\u0000 \n")))
                .isEqualTo(CloudFacts.NONE);
    }

    @Test
    void lengthIsBoundedAndNoCharacterIsCutInTwo() {
        assertThat(kept("x".repeat(100_000))).isEqualTo("x".repeat(256));
        assertThat(kept("x" + "\ud83d\ude00".repeat(1_000))).isEqualTo("x" + "\ud83d\ude00".repeat(127));
    }

    @Test
    void anyTextBecomesOnePrintableLine() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(400); i > 0; i--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
            }
            assertThat(kept(text.toString()))
                    .hasSizeLessThanOrEqualTo(256)
                    .doesNotContainPattern("[\\p{Cntrl}\\p{Cs}\u2028\u2029]");
        }
    }

    @Test
    void othersOverrideAndAdd() {
        CloudFacts learned =
                new CloudFacts(Map.of(CloudFact.REGION, "a", CloudFact.PROVIDER, "AWS", CloudFact.LOCAL_IPV4, "1"));
        CloudFacts said = new CloudFacts(Map.of(CloudFact.REGION, "b", CloudFact.INSTANCE_TYPE, "big"));

        assertThat(learned.overriddenBy(said).values())
                .isEqualTo(Map.of(
                        CloudFact.REGION, "b",
                        CloudFact.PROVIDER, "AWS",
                        CloudFact.LOCAL_IPV4, "1",
                        CloudFact.INSTANCE_TYPE, "big"));
        assertThat(learned.overriddenBy(CloudFacts.NONE)).isEqualTo(learned);
        assertThat(CloudFacts.NONE.overriddenBy(said)).isEqualTo(said);
    }

    @ParameterizedTest
    @EnumSource
    void providersAreFoundByTheirNameInAnyCase(CloudProvider provider) {
        assertThat(CloudProvider.named(provider.label())).contains(provider);
        assertThat(CloudProvider.named(provider.label().toUpperCase(Locale.ROOT)))
                .contains(provider);
        assertThat(CloudProvider.named(provider.label() + "x")).isEmpty();
    }

    @Test
    void attributesFollowTheSemanticConventions() {
        CloudFacts facts = new CloudFacts(Map.of(
                CloudFact.PROVIDER, "AWS",
                CloudFact.ACCOUNT_ID, "1234",
                CloudFact.INSTANCE_ID, "i-1",
                CloudFact.INSTANCE_TYPE, "m7g.large",
                CloudFact.REGION, "eu-central-1",
                CloudFact.AVAILABILITY_ZONE, "eu-central-1b",
                CloudFact.LOCAL_IPV4, "10.0.0.1"));

        assertThat(CloudAttributes.of(facts))
                .isEqualTo(Map.of(
                        "cloud.provider", "aws",
                        "cloud.platform", "aws_ec2",
                        "cloud.account.id", "1234",
                        "cloud.region", "eu-central-1",
                        "cloud.availability_zone", "eu-central-1b",
                        "host.type", "m7g.large"));
        assertThat(CloudAttributes.of(CloudFacts.NONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "AWS, aws, aws_ec2",
        "GCP, gcp, gcp_compute_engine",
        "Azure, azure, azure.vm",
        "DigitalOcean, digitalocean,",
        "Hetzner, hetzner, hetzner.cloud_server",
        "Alibaba, alibaba_cloud, alibaba_cloud_ecs",
        "Scaleway, scaleway,",
        "IBM, ibm_cloud,",
        "Oracle, oracle_cloud, oracle_cloud_compute",
        "azure, azure, azure.vm",
        "My Cloud, My Cloud,",
    })
    void providersHaveTheirConventionalNames(String label, String name, @Nullable String platform) {
        Map<String, String> unasked = CloudAttributes.of(new CloudFacts(Map.of(CloudFact.PROVIDER, label)));
        assertThat(unasked).isEqualTo(Map.of("cloud.provider", name));

        Map<String, String> answered =
                CloudAttributes.of(new CloudFacts(Map.of(CloudFact.PROVIDER, label, CloudFact.INSTANCE_ID, "i-1")));
        assertThat(answered.get("cloud.platform")).isEqualTo(platform);
    }
}
