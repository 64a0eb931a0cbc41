package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Ec2MetadataService;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LocalHttpServer;
import io.nodetelemetry.testing.ReceivedMetrics;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import io.nodetelemetry.testing.TestComponent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose firmware names a cloud, and one whose firmware names none. */
@RequiresKernel
class CloudIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** An agent that asks has done so long before. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final String ASKING_CLASS = "io.nodetelemetry.internal.cloud.MetadataExchange";
    private static final String THREAD = "\"nodetelemetry-cloud\"";

    @TempDir
    Path sys;

    private Path dmi;

    @BeforeEach
    void tree() throws IOException {
        dmi = Files.createDirectories(sys.resolve("class/dmi/id"));
        vendor("QEMU");
    }

    private void vendor(String name) throws IOException {
        Files.writeString(dmi.resolve("board_vendor"), name + "\n");
    }

    private AgentProcess agent(LocalHttpServer service, String... flags) {
        return agent(Map.of(), service, flags);
    }

    private AgentProcess agent(Map<String, String> environment, LocalHttpServer service, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("--sys-root=" + sys);
        all.add("--cloud-metadata-endpoint=" + service.address());
        return AgentProcess.start(environment, all.toArray(String[]::new));
    }

    /** The labels of the one row, without those that are empty and that of the machine. */
    private static Map<String, String> row(AgentProcess agent) {
        List<Scrape.Series> rows = agent.scrape().series("node_cloud_info");
        assertThat(rows).hasSize(1);
        assertThat(agent.scrape().value("node_cloud_info")).hasValue(1);
        Map<String, String> labels = new TreeMap<>(rows.getFirst().labels());
        labels.remove("machine_id");
        labels.values().removeIf(String::isEmpty);
        return labels;
    }

    @Test
    void scrapeAndReceiverSeeTheInstance() throws IOException {
        vendor("Amazon EC2");
        try (TestComponent receiver = TestComponent.start("otlp-receiver.sh");
                LocalHttpServer service = LocalHttpServer.start(Ec2MetadataService.of());
                AgentProcess agent = agent(
                        Map.of("OTEL_RESOURCE_ATTRIBUTES", "cloud.region=mine,team=infra"),
                        service,
                        "--otlp-endpoint=" + receiver.property("OTLP_GRPC"),
                        "--otlp-protocol=grpc",
                        "--otlp-interval=1s",
                        "--instance-type=as-we-call-it")) {
            Eventually.within(
                    SOON,
                    () -> assertThat(row(agent))
                            .isEqualTo(Map.of(
                                    "account_id", "123456789012",
                                    "availability_zone", "eu-central-1b",
                                    "availability_zone_id", "euc1-az3",
                                    "instance_id", "i-0abcdef1234567890",
                                    "instance_life_cycle", "on-demand",
                                    "instance_type", "as-we-call-it",
                                    "local_ipv4", "172.31.20.5",
                                    "provider", "AWS",
                                    "public_ipv4", "3.120.4.5",
                                    "region", "eu-central-1")));
            assertThat(agent.scrape().value("node_telemetry_collector_up", "collector", "cloud", "reason", ""))
                    .hasValue(1);
            Eventually.within(
                    SOON,
                    () -> assertThat(ReceivedMetrics.parse(receiver.call("log")).resource())
                            .containsEntry("cloud.provider", "aws")
                            .containsEntry("cloud.platform", "aws_ec2")
                            .containsEntry("cloud.account.id", "123456789012")
                            .containsEntry("cloud.availability_zone", "eu-central-1b")
                            .containsEntry("cloud.region", "mine")
                            .containsEntry("host.type", "as-we-call-it")
                            .containsEntry("team", "infra")
                            .containsEntry("service.name", "node-telemetry"));
            assertThat(jcmd(agent, "VM.class_hierarchy", ASKING_CLASS)).contains(ASKING_CLASS);
            assertThat(jcmd(agent, "Thread.print")).contains(THREAD);
            assertThat(service.requests()).hasSize(10);
        }
    }

    @Test
    void offTheCloudsNobodyIsAskedAndNothingIsLoaded() throws Exception {
        try (LocalHttpServer service = LocalHttpServer.start(Ec2MetadataService.of());
                AgentProcess agent = agent(service, "--region=cellar")) {
            Thread.sleep(QUIET);
            assertThat(row(agent)).isEqualTo(Map.of("region", "cellar"));
            assertThat(service.requests()).isEmpty();
            assertThat(jcmd(agent, "VM.class_hierarchy", ASKING_CLASS)).doesNotContain(ASKING_CLASS);
            assertThat(jcmd(agent, "Thread.print"))
                    .contains("\"nodetelemetry-state\"")
                    .doesNotContain(THREAD);
        }
    }

    @Test
    void theOperatorCanNameTheProviderOrForbidTheQuestion() throws Exception {
        vendor("Google");
        try (LocalHttpServer service = LocalHttpServer.start(Ec2MetadataService.of());
                AgentProcess agent = agent(service, "--provider=aws")) {
            Eventually.within(
                    SOON,
                    () -> assertThat(row(agent))
                            .containsEntry("provider", "aws")
                            .containsKey("instance_id"));
        }
        try (AgentProcess agent = AgentProcess.start("--sys-root=" + sys, "--cloud-metadata-endpoint=none")) {
            Thread.sleep(QUIET);
            assertThat(row(agent)).isEqualTo(Map.of("provider", "GCP"));
            assertThat(jcmd(agent, "Thread.print")).doesNotContain(THREAD);
        }
    }

    @Test
    void aServiceThatHangsDelaysNeitherTheStartNorTheEnd() throws IOException {
        vendor("Microsoft Corporation");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                AgentProcess agent = AgentProcess.start(
                        "--sys-root=" + sys, "--cloud-metadata-endpoint=http://127.0.0.1:" + silent.getLocalPort());
                Socket asked = silent.accept()) {
            assertThat(asked.isConnected()).isTrue();
            assertThat(row(agent)).isEqualTo(Map.of("provider", "Azure"));
            Eventually.within(
                    SOON,
                    () -> assertThat(agent.scrape().series("node_telemetry_collector_up", "collector", "cloud"))
                            .singleElement()
                            .satisfies(series -> assertThat(series.labels().get("reason"))
                                    .contains("Azure")
                                    .contains("no complete answer within 5000 ms")));
            assertThat(agent.scrape().value("node_telemetry_collector_up", "collector", "cloud"))
                    .hasValue(1);
            assertThat(row(agent)).isEqualTo(Map.of("provider", "Azure"));
            assertThat(agent.terminate(AgentProcess.PROMPTLY)).as(agent.err()).isZero();
            assertThat(agent.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void hostileValuesBreakNoLine() throws IOException {
        vendor("Amazon EC2");
        String hostile = "\"} 1\\n\\\u0000\u202e{x=\"\u00fc\ud83d\ude00";
        Ec2MetadataService rude = Ec2MetadataService.of()
                .with("instance-type", hostile)
                .with("local-ipv4", "x".repeat(50_000))
                .with("public-ipv4", "1\n# TYPE fake gauge\nfake 1");
        try (LocalHttpServer service = LocalHttpServer.start(rude);
                AgentProcess agent = agent(service)) {
            Eventually.within(
                    SOON,
                    () -> assertThat(row(agent))
                            .containsEntry("instance_type", "\"} 1\\n\\{x=\"\u00fc\ud83d\ude00")
                            .containsEntry("local_ipv4", "x".repeat(256))
                            .containsEntry("instance_id", "i-0abcdef1234567890")
                            .doesNotContainKey("public_ipv4"));
        }
    }

    private static String jcmd(AgentProcess agent, String... command) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "jcmd").toString(), Long.toString(agent.pid())));
        line.addAll(List.of(command));
        // The first line names the process.
        return Command.run(line).succeeded().out();
    }
}
