package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataResolverTest {
    private static final MetadataResolver.Config QUICK =
            new MetadataResolver.Config(3, Duration.ofMillis(1), Duration.ofMillis(5));
    private final Map<String, Optional<ContainerMetadata>> answers = new HashMap<>();
    private MetadataResolver resolver = MetadataResolver.start(List.of(), QUICK);

    private interface Inspect {
        Optional<ContainerMetadata> inspect(String id) throws IOException, InterruptedException;
    }

    private record Client(String name, Set<ContainerRuntime> runtimes, Inspect body) implements RuntimeClient {
        @Override
        public boolean serves(ContainerRuntime runtime) {
            return runtimes.contains(runtime);
        }

        @Override
        public Optional<ContainerMetadata> inspect(String id) throws IOException {
            try {
                return body.inspect(id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private static RuntimeClient docker(Inspect body) {
        return new Client("docker", Set.of(ContainerRuntime.DOCKER), body);
    }

    private static RuntimeClient cri(Inspect body) {
        return new Client("cri", Set.of(ContainerRuntime.DOCKER, ContainerRuntime.CONTAINERD), body);
    }

    private static Optional<ContainerMetadata> named(String name) {
        return Optional.of(ContainerMetadata.EMPTY.withName(name));
    }

    private void start(RuntimeClient... clients) {
        resolver.close();
        resolver = MetadataResolver.start(List.of(clients), QUICK);
    }

    private boolean ask(ContainerRuntime runtime, String id) {
        return resolver.request(runtime, id);
    }

    private void awaitAnswers(int count) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (answers.size() < count && System.nanoTime() < deadline) {
            resolver.drain((runtime, id, metadata) ->
                    assertThat(answers.put(id, metadata)).isNull());
            Thread.sleep(1);
        }
        assertThat(answers).hasSize(count);
    }

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void answerArrivesOnTheCallersThread() throws Exception {
        start(docker(id -> named("name-" + id)));

        assertThat(ask(ContainerRuntime.DOCKER, "a")).isTrue();
        awaitAnswers(1);

        assertThat(answers).containsEntry("a", named("name-a"));
    }

    @Test
    void unknownContainerIsAnAnswer() throws Exception {
        start(docker(id -> Optional.empty()));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);

        assertThat(answers).containsEntry("a", Optional.empty());
    }

    @Test
    void runtimeWithoutClientIsTurnedDown() {
        start(docker(id -> named("x")));

        assertThat(ask(ContainerRuntime.CRIO, "a")).isFalse();
    }

    @Test
    void failingRuntimeIsAskedUntilItAnswers() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(docker(id -> {
            int call = calls.incrementAndGet();
            if (call == 3) {
                throw new IllegalStateException("not made for this");
            } else if (call < 6) {
                throw new IOException("absent");
            }
            return named("late");
        }));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);

        assertThat(answers).containsEntry("a", named("late"));
        assertThat(calls).hasValue(6);
    }

    @Test
    void oneFailingContainerDoesNotHoldUpAnother() throws Exception {
        start(docker(id -> {
            if (id.equals("bad")) {
                throw new IOException("500");
            }
            return named(id);
        }));

        ask(ContainerRuntime.DOCKER, "bad");
        ask(ContainerRuntime.DOCKER, "good");
        awaitAnswers(1);

        assertThat(answers).containsOnlyKeys("good");
    }

    @Test
    void hangingRuntimeDelaysNeitherAnotherNorTheCallerNorClosing() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        start(
                docker(id -> {
                    never.await();
                    return Optional.empty();
                }),
                cri(id -> named("cri-" + id)));

        ask(ContainerRuntime.DOCKER, "a");
        ask(ContainerRuntime.CONTAINERD, "b");
        awaitAnswers(2);

        assertThat(answers).containsEntry("a", named("cri-a")).containsEntry("b", named("cri-b"));
        long start = System.nanoTime();
        resolver.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void containerIsUnknownOnlyWhenEveryRuntimeSaysSo() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(docker(id -> Optional.empty()), cri(id -> {
            if (calls.incrementAndGet() < 4) {
                throw new IOException("not yet");
            }
            return id.equals("known") ? named("pod") : Optional.empty();
        }));

        ask(ContainerRuntime.DOCKER, "known");
        ask(ContainerRuntime.DOCKER, "unknown");
        awaitAnswers(2);

        assertThat(answers).containsEntry("known", named("pod")).containsEntry("unknown", Optional.empty());
    }

    @Test
    void runtimeThatIsNotHereKeepsNobodyWaitingAndMayComeLater() throws Exception {
        CountDownLatch starts = new CountDownLatch(1);
        start(
                docker(id -> {
                    if (starts.getCount() > 0) {
                        throw new RuntimeAbsentException("no socket");
                    }
                    return named("late");
                }),
                cri(id -> Optional.empty()));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);
        assertThat(answers).containsEntry("a", Optional.empty());

        answers.clear();
        starts.countDown();
        awaitAnswers(1);
        assertThat(answers).containsEntry("a", named("late"));
    }

    @Test
    void nobodyHereIsSaidOnceAndAtOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(docker(id -> {
            calls.incrementAndGet();
            throw new RuntimeAbsentException("no socket");
        }));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);
        int before = calls.get();
        while (calls.get() < before + 20) {
            // Fails if it is answered a second time.
            awaitAnswers(1);
        }
        resolver.withdraw(ContainerRuntime.DOCKER, "a");
        assertThat(ask(ContainerRuntime.DOCKER, "a")).isTrue();
    }

    @Test
    void absentRuntimeDoesNotOutvoteOneThatKnowsOrIsSlow() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(
                docker(id -> {
                    throw new RuntimeAbsentException("no socket");
                }),
                cri(id -> {
                    if (calls.incrementAndGet() < 10) {
                        throw new IOException("starting");
                    }
                    return named("pod");
                }));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);

        assertThat(answers).containsEntry("a", named("pod"));
    }

    @Test
    void runtimeMayMakeTheCgroupBeforeItKnowsTheContainer() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(docker(id -> calls.incrementAndGet() < 4 ? Optional.empty() : named("created")));

        ask(ContainerRuntime.DOCKER, "a");
        awaitAnswers(1);

        assertThat(answers).containsEntry("a", named("created"));
    }

    @Test
    void questionsBeyondTheCapacityAreTurnedAwayAndCounted() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        start(docker(id -> {
            go.await();
            return named(id);
        }));

        for (String id : List.of("a", "b", "c")) {
            assertThat(ask(ContainerRuntime.DOCKER, id)).isTrue();
        }
        assertThat(ask(ContainerRuntime.DOCKER, "a")).isTrue();
        assertThat(ask(ContainerRuntime.DOCKER, "d")).isFalse();
        assertThat(resolver.dropped()).isEqualTo(1);

        go.countDown();
        awaitAnswers(3);
        assertThat(ask(ContainerRuntime.DOCKER, "d")).isTrue();
    }

    @Test
    void withdrawnQuestionIsNotAnswered() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        start(docker(id -> {
            go.await();
            calls.incrementAndGet();
            if (id.equals("a")) {
                throw new IOException("would be asked again");
            }
            return named(id);
        }));
        ask(ContainerRuntime.DOCKER, "a");
        ask(ContainerRuntime.DOCKER, "b");
        ask(ContainerRuntime.DOCKER, "c");

        resolver.withdraw(ContainerRuntime.DOCKER, "a");
        resolver.withdraw(ContainerRuntime.DOCKER, "b");
        go.countDown();
        awaitAnswers(1);

        assertThat(answers).containsOnlyKeys("c");
        assertThat(calls.get()).isBetween(1, 2);
    }

    @Test
    void threadsEndWithClose() {
        start(docker(id -> named(id)));
        awaitThreads(1);

        resolver.close();
        resolver.close();

        awaitThreads(0);
    }

    /** Closing waits for a while, not for ever: that of another test may end a moment later. */
    private static void awaitThreads(int count) {
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().equals("nodetelemetry-runtime-docker"))
                        .hasSize(count));
    }
}
