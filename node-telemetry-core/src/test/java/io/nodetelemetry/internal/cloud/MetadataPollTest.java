package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Ec2MetadataService;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LocalHttpServer;
import io.nodetelemetry.testing.LocalHttpServer.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetadataPollTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);

    private static MetadataPoll.Config config(URI endpoint, Duration attempt, Duration refresh) {
        return new MetadataPoll.Config(
                List.of(endpoint), false, attempt, Duration.ofMillis(20), Duration.ofMillis(50), refresh);
    }

    private static Optional<String> fact(MetadataPoll poll, CloudFact fact) {
        return poll.facts().value(fact);
    }

    @Test
    void aServiceThatComesUpLateIsWaitedFor() {
        Ec2MetadataService service = Ec2MetadataService.of();
        AtomicInteger tokens = new AtomicInteger();
        try (LocalHttpServer server =
                        LocalHttpServer.start(request -> request.method().equals("PUT") && tokens.incrementAndGet() < 3
                                ? Answer.of(503, "")
                                : service.answer(request));
                MetadataPoll poll = MetadataPoll.start(CloudProvider.AWS, config(server.address(), SOON, NEVER))) {
            assertThat(fact(poll, CloudFact.PROVIDER)).contains("AWS");
            Eventually.within(
                    SOON, () -> assertThat(fact(poll, CloudFact.INSTANCE_ID)).contains("i-0abcdef1234567890"));
            Eventually.within(SOON, () -> assertThat(poll.trouble()).isEmpty());
            assertThat(tokens).hasValue(3);
            assertThat(poll.facts().values()).hasSize(10).containsEntry(CloudFact.PROVIDER, "AWS");
        }
    }

    @Test
    void onceAnsweredNothingIsAskedUntilTheNextRefresh() throws Exception {
        try (LocalHttpServer server = LocalHttpServer.start(Ec2MetadataService.of());
                MetadataPoll poll = MetadataPoll.start(CloudProvider.AWS, config(server.address(), SOON, NEVER))) {
            Eventually.within(SOON, () -> assertThat(poll.facts().values()).hasSize(10));
            Thread.sleep(300);
            assertThat(server.requests()).hasSize(10);
        }
    }

    @Test
    void refreshFollowsTheServiceAndKeepsWhatWasKnownWhileItIsAway() {
        AtomicReference<LocalHttpServer.Behaviour> behaviour =
                new AtomicReference<>(Ec2MetadataService.of().with("public-ipv4", null));
        try (LocalHttpServer server =
                        LocalHttpServer.start(request -> behaviour.get().answer(request));
                MetadataPoll poll =
                        MetadataPoll.start(CloudProvider.AWS, config(server.address(), SOON, Duration.ofMillis(20)))) {
            Eventually.within(SOON, () -> assertThat(poll.facts().values()).hasSize(9));

            behaviour.set(Ec2MetadataService.of());
            Eventually.within(
                    SOON, () -> assertThat(fact(poll, CloudFact.PUBLIC_IPV4)).contains("3.120.4.5"));

            behaviour.set(request -> Answer.of(500, ""));
            Eventually.within(SOON, () -> assertThat(poll.trouble()).isPresent());
            assertThat(poll.facts().values()).hasSize(10);

            behaviour.set(Ec2MetadataService.of().with("public-ipv4", null));
            Eventually.within(
                    SOON, () -> assertThat(fact(poll, CloudFact.PUBLIC_IPV4)).isEmpty());
            Eventually.within(SOON, () -> assertThat(poll.trouble()).isEmpty());
        }
    }

    @Test
    void whatWasAnsweredBeforeAFailureIsKnown() {
        Ec2MetadataService service = Ec2MetadataService.of();
        try (LocalHttpServer server = LocalHttpServer.start(request ->
                        request.path().contains("/placement/") ? Answer.of(500, "") : service.answer(request));
                MetadataPoll poll = MetadataPoll.start(CloudProvider.AWS, config(server.address(), SOON, NEVER))) {
            Eventually.within(SOON, () -> assertThat(poll.facts().values()).hasSize(7));
            Eventually.within(
                    SOON,
                    () -> assertThat(poll.trouble())
                            .contains("the metadata service of AWS does not tell all (" + server.address()
                                    + ": GET /latest/meta-data/placement/region answered 500); enable it for this instance and let"
                                    + " the agent reach it, in a container over the host's network"));
        }
    }

    @Test
    void hostileValuesAreTamed() {
        Ec2MetadataService service = Ec2MetadataService.of()
                .with("instance-id", "i\"},x=\"\\ \u0000\u0007\u202e\u00e9")
                .with("instance-type", "x".repeat(50_000))
                .with("placement/region", "eu\nnode_fake 1\n")
                .with("local-ipv4", "\u0000\u0001")
                .with("public-ipv4", "x".repeat(100_000));
        try (LocalHttpServer server = LocalHttpServer.start(service);
                MetadataPoll poll = MetadataPoll.start(CloudProvider.AWS, config(server.address(), SOON, NEVER))) {
            Eventually.within(SOON, () -> assertThat(poll.trouble()).isPresent());

            Map<CloudFact, String> facts = poll.facts().values();
            assertThat(facts)
                    .containsEntry(CloudFact.INSTANCE_ID, "i\"},x=\"\\ \u00e9")
                    .containsEntry(CloudFact.INSTANCE_TYPE, "x".repeat(256))
                    .doesNotContainKeys(CloudFact.REGION, CloudFact.LOCAL_IPV4, CloudFact.PUBLIC_IPV4);
        }
    }

    @Test
    void anEndpointThatHangsIsAskedAgainWithinTheTimeOfAnAttempt() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server = new RawServer(out -> self[0].hang())) {
            self[0] = server;
            try (MetadataPoll poll =
                    MetadataPoll.start(CloudProvider.AZURE, config(server.address(), Duration.ofMillis(200), NEVER))) {
                Eventually.within(SOON, () -> assertThat(server.connections()).isGreaterThanOrEqualTo(3));
                assertThat(poll.trouble().orElseThrow()).contains("no complete answer within 200 ms");
                assertThat(poll.facts()).isEqualTo(CloudFacts.of(CloudProvider.AZURE));
            }
        }
    }

    @Test
    void ofTwoAddressesTheOneThatAnswersIsTheService() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer silent = new RawServer(out -> self[0].hang());
                LocalHttpServer server = LocalHttpServer.start(Ec2MetadataService.of())) {
            self[0] = silent;
            MetadataPoll.Config both = new MetadataPoll.Config(
                    List.of(silent.address(), server.address()), false, Duration.ofSeconds(10), NEVER, NEVER, NEVER);
            try (MetadataPoll poll = MetadataPoll.start(CloudProvider.AWS, both)) {
                Eventually.within(SOON, () -> assertThat(poll.facts().values()).hasSize(10));
                Eventually.within(SOON, () -> assertThat(poll.trouble()).isEmpty());
                Eventually.within(SOON, () -> assertThat(silent.connections()).isEqualTo(1));
            }
        }
    }

    @Test
    void closingEndsAQuestionThatHangsAtOnce() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server = new RawServer(out -> self[0].hang())) {
            self[0] = server;
            MetadataPoll poll = MetadataPoll.start(CloudProvider.GCP, config(server.address(), NEVER, NEVER));
            Eventually.within(SOON, () -> assertThat(server.connections()).isEqualTo(1));

            long start = System.nanoTime();
            poll.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            Eventually.within(
                    SOON,
                    () -> assertThat(Thread.getAllStackTraces().keySet())
                            .noneMatch(thread -> thread.getName().equals("nodetelemetry-cloud")));
            poll.close();
        }
    }

    @Test
    void aTokenThatNeverComesIsDoneWithoutIfThatIsAllowed() {
        Ec2MetadataService service = Ec2MetadataService.of().ofVersion1();
        CountDownLatch over = new CountDownLatch(1);
        try (LocalHttpServer server = LocalHttpServer.start(request -> {
                    if (request.method().equals("PUT")) {
                        await(over);
                    }
                    return service.answer(request);
                });
                MetadataPoll refused = MetadataPoll.start(
                        CloudProvider.AWS, config(server.address(), Duration.ofMillis(1_500), NEVER));
                MetadataPoll allowed = MetadataPoll.start(
                        CloudProvider.AWS, config(server.address(), SOON, NEVER).withImdsV1(true))) {
            Eventually.within(SOON, () -> assertThat(allowed.facts().values()).hasSize(10));
            Eventually.within(SOON, () -> assertThat(refused.trouble()).isPresent());
            assertThat(refused.facts()).isEqualTo(CloudFacts.of(CloudProvider.AWS));
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
