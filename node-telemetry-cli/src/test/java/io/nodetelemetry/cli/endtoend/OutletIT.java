package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.ACTIVE;
import static io.nodetelemetry.cli.endtoend.Connects.FAILED;
import static io.nodetelemetry.cli.endtoend.Connects.SOON;
import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static io.nodetelemetry.cli.endtoend.Connects.assertSoon;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.ReceivedMetrics;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import io.nodetelemetry.testing.TestComponent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real receivers take what the agent gives, and all of them see the same series. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutletIT {
    private static final Pattern SAMPLE = Pattern.compile("\"value\":\\[[0-9.]+,\"([^\"]+)\"]");
    /** Contact with a receiver that was started just now, and a push or scrape each second. */
    private static final Duration RECEIVED = Duration.ofSeconds(60);

    private final DockerEngine docker;
    private final Container server;
    private final String destination;

    OutletIT(DockerEngine docker) {
        this.docker = docker;
        server = docker.start("outlet-server", "/load/tcpserver", "8080").awaitOutput("ready");
        destination = server.ip() + ":8080";
    }

    @Test
    void prometheusScrapesItWithoutAWarning() throws IOException {
        try (AgentProcess agent = agentBeside(docker);
                TestComponent prometheus = TestComponent.start("prometheus.sh", agent.address())) {
            load("prom");
            String series = SUCCESSFUL + "{container_id=\"/docker/prom-client\",destination=\"" + destination + "\"}";

            Eventually.within(RECEIVED, () -> {
                assertThat(query(prometheus, "up{job=\"node-telemetry\"}")).isEqualTo("1");
                assertThat(query(prometheus, series)).isEqualTo("12");
            });
            assertThat(query(prometheus, "min_over_time(up[1m])")).isEqualTo("1");
            assertThat(Files.readString(Path.of(prometheus.property("LOG")))).isEmpty();
        }
    }

    @Test
    void promtoolFindsNothingToComplainOf(@TempDir Path folder) throws IOException {
        try (AgentProcess agent = agentBeside(docker)) {
            load("lint");
            assertSoon(agent, SUCCESSFUL, "lint-client", destination, 12);

            Path text = Files.writeString(
                    folder.resolve("metrics.txt"), agent.get("/metrics").body());
            Command promtool = Command.run(List.of("sh", "-c", "promtool check metrics <" + text));
            assertThat(promtool.out() + promtool.err()).isEmpty();
            assertThat(promtool.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"grpc, OTLP_GRPC", "http/protobuf, OTLP_HTTP"})
    void anOtlpReceiverSeesTheSameSeriesAsAScrape(String protocol, String endpoint) {
        String prefix = protocol.substring(0, 4);
        try (TestComponent receiver = TestComponent.start("otlp-receiver.sh");
                AgentProcess agent = agentBeside(
                        docker,
                        "--otlp-endpoint=" + receiver.property(endpoint),
                        "--otlp-protocol=" + protocol,
                        "--otlp-interval=1s")) {
            load(prefix);

            Eventually.within(RECEIVED, () -> {
                ReceivedMetrics received = ReceivedMetrics.parse(receiver.call("log"));
                assertThat(ofContainers(received.samples(), prefix))
                        .hasSizeGreaterThanOrEqualTo(3)
                        .isEqualTo(ofContainers(agent.scrape().samples(), prefix));
                assertThat(names(received.samples()))
                        .isEqualTo(names(agent.scrape().samples()));
            });
        }
    }

    @Test
    void aSecondReceiverTakesThePushToo() {
        try (TestComponent receiver = TestComponent.start("victoria-metrics.sh");
                AgentProcess agent = agentBeside(
                        docker,
                        "--otlp-endpoint=" + receiver.property("OTLP_HTTP"),
                        "--otlp-protocol=http/protobuf",
                        "--otlp-interval=1s")) {
            load("vm");
            assertSoon(agent, SUCCESSFUL, "vm-client", destination, 12);

            Eventually.within(RECEIVED, () -> {
                assertThat(query(receiver, SUCCESSFUL + "{container_id=\"/docker/vm-client\"}"))
                        .isEqualTo("12");
                assertThat(query(receiver, FAILED + "{container_id=\"/docker/vm-refused\"}"))
                        .isEqualTo("3");
            });
        }
    }

    @Test
    void terminationPushesOnceMore() {
        try (TestComponent receiver = TestComponent.start("otlp-receiver.sh");
                AgentProcess agent = agentBeside(
                        docker,
                        "--otlp-endpoint=" + receiver.property("OTLP_GRPC"),
                        "--otlp-protocol=grpc",
                        "--otlp-interval=1h")) {
            load("last");
            assertSoon(agent, SUCCESSFUL, "last-client", destination, 12);

            assertThat(agent.terminate(AgentProcess.PROMPTLY)).isZero();
            Eventually.within(
                    SOON,
                    () -> assertThat(ofContainers(
                                    ReceivedMetrics.parse(receiver.call("log")).samples(), "last"))
                            .containsValue(12.0));
        }
    }

    /** 12 connects, 3 refused ones, and 2 connections that stay. */
    private void load(String prefix) {
        Container keeper = docker.start(prefix + "-keeper", "/load/tcpserver", "-k", "8081")
                .awaitOutput("ready");
        docker.start(prefix + "-holder", "/load/tcpclient", "hold", keeper.ip(), "8081", "2")
                .awaitOutput("ready");
        docker.run(prefix + "-client", "/load/tcpclient", "connect", server.ip(), "8080", "12", "1");
        docker.run(prefix + "-refused", "/load/tcpclient", "refused", server.ip(), "9", "3", "1");
    }

    /** TCP counts of the containers of one test, by series without the label that a resource may carry instead. */
    private static Map<Scrape.Series, Double> ofContainers(Map<Scrape.Series, Double> samples, String prefix) {
        List<String> metrics = List.of(SUCCESSFUL, FAILED, ACTIVE);
        return samples.entrySet().stream()
                .filter(entry -> metrics.contains(entry.getKey().name()))
                .filter(entry ->
                        entry.getKey().labels().getOrDefault("container_id", "").startsWith("/docker/" + prefix + "-"))
                .collect(Collectors.toMap(entry -> withoutMachineId(entry.getKey()), Map.Entry::getValue));
    }

    private static Scrape.Series withoutMachineId(Scrape.Series series) {
        Map<String, String> labels = new TreeMap<>(series.labels());
        labels.remove("machine_id");
        return new Scrape.Series(series.name(), labels);
    }

    private static List<String> names(Map<Scrape.Series, Double> samples) {
        return samples.keySet().stream()
                .map(Scrape.Series::name)
                .filter(name -> name.startsWith("container_") || name.startsWith("node_"))
                .distinct()
                .sorted()
                .toList();
    }

    /** The value of the one series that a query finds. */
    private static String query(TestComponent component, String expression) {
        String answer = component.call("query", expression);
        Matcher matcher = SAMPLE.matcher(answer);
        assertThat(matcher.results().count()).as(answer).isEqualTo(1);
        matcher.reset();
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
