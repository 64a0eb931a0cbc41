package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.LogLines.MIXED;
import static io.nodetelemetry.cli.endtoend.LogMessages.STREAMS;
import static io.nodetelemetry.cli.endtoend.LogMessages.assertCounted;
import static io.nodetelemetry.cli.endtoend.LogMessages.awaitSum;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What containers write to Docker's json-file logs is counted line by line, whatever happens to containers and files. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerLogIT {
    private final DockerEngine docker;
    private final AgentProcess agent;

    DockerLogIT(DockerEngine docker) {
        this.docker = docker;
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    private static List<String> rotated(String size, int files, boolean compressed) {
        return List.of("--log-opt=max-size=" + size, "--log-opt=max-file=" + files, "--log-opt=compress=" + compressed);
    }

    /** What the files of its log still hold. */
    private Stream<String> logged(String name) {
        Command logs = docker.docker(List.of("logs", name)).succeeded();
        return Stream.concat(logs.out().lines(), logs.err().lines());
    }

    /** With two files a log is rotated every millisecond or so, and what is older than the last file is gone. */
    @ParameterizedTest
    @CsvSource({"two, 2, false", "five, 5, false", "compressed, 3, true"})
    void asFastAsAShellCanThroughALogThatIsRotated(String name, int files, boolean compressed) {
        docker.run("log-shell-" + name, rotated("256k", files, compressed), "sh", "-c", MIXED.shell(20_000));

        assertCounted(agent, "/docker/log-shell-" + name, MIXED.counts(STREAMS, 20_000));
    }

    @Test
    void twoContainersAtOnce() {
        Container one = docker.start("log-one", rotated("1m", 3, false), MIXED.writer(100_001));
        Container other = docker.start("log-other", List.of(), MIXED.writer(50_003));
        assertThat(List.of(one.awaitExit(), other.awaitExit())).containsOnly(0);

        assertCounted(
                agent,
                Map.of(
                        "/docker/log-one", MIXED.counts(STREAMS, 100_001),
                        "/docker/log-other", MIXED.counts(STREAMS, 50_003)));
    }

    /** Each is a message of its own kind, though lines of the two streams alternate in the file. */
    @Test
    void tracesOnOneStreamAndLinesOnTheOther() {
        String trace = """
                java.lang.IllegalStateException: shard %d is closed
                \tat com.example.Shard.write(Shard.java:71)
                \tat com.example.Store.put(Store.java:12)
                Caused by: java.io.IOException: broken pipe
                \tat com.example.Pipe.write(Pipe.java:9)
                \t... 2 more""";
        String error = "ERROR request %d failed";
        String info = "INFO request %d came";
        docker.run(
                "log-traces",
                List.of(),
                "/load/logwriter",
                "9000",
                info,
                "2>" + error + "\n" + trace,
                "WARN slow request %d");

        assertCounted(
                agent,
                "/docker/log-traces",
                Map.of(
                        new LogMessages.Row(STREAMS, LogLevel.INFO.label(), ""),
                        3_000L,
                        new LogMessages.Row(
                                STREAMS,
                                LogLevel.ERROR.label(),
                                LogLines.hash((error + "\n" + trace).replace("%d", "1"))),
                        3_000L,
                        new LogMessages.Row(STREAMS, LogLevel.WARNING.label(), LogLines.hash("WARN slow request 2")),
                        3_000L));
    }

    /** Docker cuts lines into pieces of 16 KiB. */
    @Test
    void longLinesAreOneMessageEach() {
        LogLines longOnes = MIXED.filledTo(40 * 1_024);
        docker.run("log-long", rotated("1m", 3, false), longOnes.writer(400, "-r", "500"));

        assertCounted(agent, "/docker/log-long", longOnes.counts(STREAMS, 400));
    }

    @Test
    void containerThatIsKilled() {
        docker.start("log-killed", List.of(), MIXED.writer(10_000_000, "-r", "20000"));
        awaitSum(agent, "/docker/log-killed", 10_000);
        docker.docker(List.of("kill", "--signal", "KILL", "log-killed")).succeeded();
        docker.docker(List.of("wait", "log-killed")).succeeded();

        Map<LogMessages.Row, Long> logged = MIXED.counts(STREAMS, logged("log-killed"));
        assertThat(logged).hasSize(MIXED.counts(STREAMS, 8).size());
        assertCounted(agent, "/docker/log-killed", logged);
    }

    /** The same file goes on. */
    @Test
    void containerThatIsRestarted() {
        docker.start("log-restarted", rotated("1m", 20, false), MIXED.writer(5_000, "-s", "-r", "20000"));
        for (int i = 0; i < 3; i++) {
            docker.docker(List.of("restart", "--time", "0", "log-restarted")).succeeded();
        }
        String started = docker.docker(List.of("inspect", "--format", "{{.State.StartedAt}}", "log-restarted"))
                .succeeded()
                .out()
                .strip();
        Eventually.within(
                Connects.SOON,
                () -> assertThat(docker.docker(List.of("logs", "--since", started, "log-restarted"))
                                .out())
                        .contains("4999"));

        assertCounted(agent, "/docker/log-restarted", MIXED.counts(STREAMS, logged("log-restarted")));
    }

    /** Its log is deleted a moment after its last line. */
    @Test
    void containersThatAreGoneAtOnce() {
        for (int i = 0; i < 10; i++) {
            docker.run("log-brief-" + i, List.of("--rm"), MIXED.writer(500, "-r", "2500"));
        }

        assertCounted(
                agent,
                IntStream.range(0, 10)
                        .boxed()
                        .collect(Collectors.toMap(i -> "/docker/log-brief-" + i, i -> MIXED.counts(STREAMS, 500))));
    }

    @Test
    void containerThatIsRemovedAsItHasWritten() {
        Container removed = docker.start("log-removed", rotated("1m", 2, false), MIXED.writer(60_000, "-s"));
        removed.awaitOutput("59999");
        removed.remove();

        assertCounted(agent, "/docker/log-removed", MIXED.counts(STREAMS, 60_000));
    }

    /** Another container of the name goes on with its series. */
    @Test
    void anotherContainerOfTheName() {
        docker.run("log-again", List.of("--rm"), MIXED.writer(3_000));
        docker.run("log-again", List.of("--rm"), MIXED.writer(4_000));

        assertCounted(agent, "/docker/log-again", MIXED.counts(STREAMS, 7_000));
    }
}
