package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.METRIC;
import static io.nodetelemetry.cli.endtoend.LogMessages.SKIPPED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be set for logs: how many lines, how many patterns, what samples show, and whether they are read at all. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class LogSettingsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** What stands for all patterns that found no room. */
    private static final String OTHER_PATTERNS = "0".repeat(32);

    /** Ten seconds' worth are taken at once; nothing is lost without being counted. */
    @Test
    void linesBeyondTheBudgetAreSkippedAndCounted(DockerEngine docker) {
        try (AgentProcess agent = agentBeside(docker, "--max-log-lines-per-second=1000")) {
            String id = "/docker/log-flood";
            long begin = System.nanoTime();
            docker.run("log-flood", List.of(), MIXED.writer(100_000));

            Eventually.within(SOON, () -> {
                Scrape scrape = agent.scrape();
                assertThat(LogMessages.sum(scrape, id) + skipped(scrape, id)).isEqualTo(100_000);
            });
            Scrape scrape = agent.scrape();
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            assertThat(LogMessages.sum(scrape, id)).isBetween(10_000L, 10_000 + 1_000 * (seconds + 1));
            assertThat(LogMessages.sum(scrape, id) + skipped(scrape, id)).isEqualTo(100_000);

            docker.run("log-modest", List.of(), MIXED.writer(5_000));
            assertCounted(agent, "/docker/log-modest", MIXED.counts(STREAMS, 5_000));
            assertThat(agent.scrape().series(SKIPPED, "container_id", "/docker/log-modest"))
                    .isEmpty();
        }
    }

    private static long skipped(Scrape scrape, String id) {
        return (long) scrape.sum(SKIPPED, "container_id", id, "source", STREAMS);
    }

    @Test
    void secretsAreMaskedUnlessTheyMayBeShown(DockerEngine docker) {
        try (AgentProcess masking = agentBeside(docker);
                AgentProcess showing = agentBeside(docker, "--no-mask-log-secrets")) {
            docker.run("log-secret", "/load/logwriter", "100", "ERROR login %d failed with password=hunter2secret");

            assertThat(sample(showing, "/docker/log-secret"))
                    .isEqualTo("ERROR login 0 failed with password=hunter2secret");
            assertThat(sample(masking, "/docker/log-secret"))
                    .startsWith("ERROR login 0 failed with password=")
                    .doesNotContain("hunter2");
            assertThat(masking.scrape().text()).doesNotContain("hunter2");
            assertThat(masking.err()).doesNotContain("hunter2");
        }
    }

    private static String sample(AgentProcess agent, String id) {
        String hash = LogLines.hash("ERROR login 0 failed with password=hunter2secret");
        Eventually.within(
                SOON,
                () -> assertThat(agent.scrape().value(METRIC, "container_id", id, "pattern_hash", hash))
                        .hasValue(100));
        return agent.scrape()
                .series(METRIC, "container_id", id)
                .getFirst()
                .labels()
                .getOrDefault("sample", "");
    }

    @Test
    void noLogIsReadIfNoneMayBe(DockerEngine docker) throws IOException {
        try (AgentProcess agent = agentBeside(docker, "--no-parse-logs");
                AgentProcess other = agentBeside(docker)) {
            docker.run("log-unread", MIXED.writer(800));

            assertCounted(other, "/docker/log-unread", MIXED.counts(STREAMS, 800));
            assertThat(agent.scrape().text()).doesNotContain("container_log_");
            assertThat(inotifyWatches(other)).isPositive();
            assertThat(inotifyWatches(agent)).isZero();
            assertThat(threads(other)).anyMatch(name -> name.startsWith("nodetelemetry-l"));
            assertThat(threads(agent)).noneMatch(name -> name.startsWith("nodetelemetry-l"));
        }
    }

    private static long inotifyWatches(AgentProcess agent) throws IOException {
        long watches = 0;
        try (Stream<Path> infos = Files.list(Path.of("/proc/" + agent.pid() + "/fdinfo"))) {
            for (Path info : infos.toList()) {
                watches += watches(info);
            }
        }
        return watches;
    }

    private static long watches(Path info) throws IOException {
        try {
            return Files.readString(info)
                    .lines()
                    .filter(line -> line.startsWith("inotify "))
                    .count();
        } catch (NoSuchFileException closedMeanwhile) {
            return 0;
        }
    }

    /** Names of threads, of which the kernel keeps 15 characters. */
    private static List<String> threads(AgentProcess agent) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + agent.pid() + "/task"))) {
            return tasks.map(LogSettingsIT::name).toList();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    /** As many as are told apart for each level of a container, and one for the rest. */
    @Test
    void patternsBeyondTheLimitAreCountedTogether(DockerEngine docker) {
        LogLines many = manyKinds(300);
        try (AgentProcess agent = agentBeside(docker);
                AgentProcess strict = agentBeside(docker, "--log-patterns-per-container=10")) {
            docker.run("log-kinds", many.writer(3_000));

            assertLimited(agent, many, 256);
            assertLimited(strict, many, 10);
        }
    }

    /** Those that came first have patterns of their own. */
    private static void assertLimited(AgentProcess agent, LogLines kinds, int limit) {
        Map<LogMessages.Row, Long> all = kinds.counts(STREAMS, 3_000);
        assertThat(all).hasSize(300);
        Map<LogMessages.Row, Long> expected = new HashMap<>(kinds.counts(STREAMS, limit));
        expected.replaceAll((row, one) -> 10L);
        expected.put(new LogMessages.Row(STREAMS, "error", OTHER_PATTERNS), (300L - limit) * 10);
        assertCounted(agent, "/docker/log-kinds", expected);
    }

    /** Messages whose words differ by more than a name. */
    private static LogLines manyKinds(int count) {
        List<String> verbs = List.of(
                "open", "close", "read", "write", "flush", "lock", "rename", "delete", "create", "parse", "verify",
                "load", "store", "send", "receive");
        List<String> objects = List.of(
                "socket", "file", "table", "index", "queue", "stream", "shard", "lease", "mutex", "header", "cookie",
                "session", "plan", "cursor", "page", "segment", "volume", "bucket", "route", "digest");
        return new LogLines(verbs.stream()
                .flatMap(verb -> objects.stream()
                        .map(object -> new LogLines.Kind(
                                LogLevel.ERROR, "ERROR failed to " + verb + " the " + object + " after %d ms")))
                .limit(count)
                .toArray(LogLines.Kind[]::new));
    }
}
