package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerLogFile.Format;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerInspectTest {
    private static final Path CAPTURED = Path.of("src/test/resources/docker/inspect-ports.json");

    private static ContainerMetadata parse(String json) throws IOException {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ContainerMetadata parse(byte[] json) throws IOException {
        return DockerInspect.parse(json, Format.DOCKER_JSON);
    }

    private static List<String> ports(ContainerMetadata metadata) {
        return metadata.publishedPorts().stream().map(SocketAddress::toString).toList();
    }

    @Test
    void capturedAnswerIsUnderstood() throws IOException {
        ContainerMetadata found = parse(Files.readAllBytes(CAPTURED));

        assertThat(found.name()).isEqualTo("fixture");
        assertThat(found.image()).isEqualTo("bb:1");
        assertThat(found.createdAt()).contains(Instant.parse("2026-11-23T04:22:58.463223032Z"));
        assertThat(found.labels()).isEqualTo(Map.of("app", "demo", "tier", ""));
        assertThat(ports(found)).containsExactly("0.0.0.0:18080", "[::]:18080", "127.0.0.1:18081");
    }

    @Test
    void mountsAndTheTellingPartOfTheEnvironmentAreKept() throws IOException {
        ContainerMetadata found = parse(Files.readAllBytes(Path.of("src/test/resources/docker/inspect-mounts.json")));

        assertThat(found.mounts())
                .containsExactlyInAnyOrder(
                        new ContainerMount("/srv/data", "/data"),
                        new ContainerMount("/var/lib/docker/volumes/fx/_data", "/vol"));
        assertThat(found.environment())
                .isEqualTo(Map.of(
                        "NOMAD_NAMESPACE", "default",
                        "NOMAD_JOB_NAME", "job",
                        "NOMAD_GROUP_NAME", "g",
                        "NOMAD_ALLOC_ID", "1b2c",
                        "NOMAD_TASK_NAME", "task"));
        assertThat(found.labels())
                .isEqualTo(
                        Map.of("com.docker.swarm.task.name", "shop_web.1.abc", "com.docker.stack.namespace", "shop"));
    }

    @Test
    void secretsOfTheEnvironmentAreNowhere() throws IOException {
        assertThat(parse(
                        "{\"Config\":{\"Env\":[\"NOMAD_TOKEN=s3cret\",\"A=s3cret\",\"=s3cret\",\"s3cret\",7,[\"NOMAD_TASK_NAME=x\"],"
                                + "\"NOMAD_TASK_NAME\",\"NOMAD_JOB_NAME=a=b\"]}}"))
                .isEqualTo(ContainerMetadata.EMPTY.withEnvironment(Map.of("NOMAD_JOB_NAME", "a=b")));
    }

    @Test
    void mountsAreBoundedAndHaveASource() throws IOException {
        String many = "{\"Source\":\"/a\",\"Destination\":\"/b\"},".repeat(1_000);
        assertThat(parse("{\"Mounts\":[" + many + "7]}").mounts()).hasSize(256);
        assertThat(parse("{\"Mounts\":[{\"Source\":\"/" + "a".repeat(5_000)
                                + "\",\"Destination\":\"/b\"},{\"Destination\":\"/c\"},{\"Source\":[\"/x\"]},null]}")
                        .mounts())
                .isEmpty();
    }

    @Test
    void logIsWhereTheEngineWritesIt() throws IOException {
        String id = "99bab65e53c9d583b97e0f6cbcfbca000536615644279fd9fcc197c5a43791de";
        assertThat(parse(Files.readAllBytes(Path.of("src/test/resources/docker/inspect-mounts.json")))
                        .logFile())
                .contains(new ContainerLogFile(
                        Path.of("/var/lib/docker/containers/" + id + '/' + id + "-json.log"), Format.DOCKER_JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "journald", "syslog", "none", ""})
    void driverThatWritesNoLinesToAFileHasNone(String driver) throws IOException {
        assertThat(parse(withLog(driver, "/a/b.log")).logFile()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative.log", "/nul\\u0000.log"})
    void pathThatNoFileCanHaveIsNone(String path) throws IOException {
        assertThat(parse(withLog("json-file", path)).logFile()).isEmpty();
        assertThat(parse(withLog("json-file", "/" + "a".repeat(5_000))).logFile())
                .isEmpty();
        assertThat(parse(withLog("json-file", "/a")).logFile()).isPresent();
    }

    @Test
    void logOfWhichOnlyHalfIsToldIsNone() throws IOException {
        assertThat(parse("{\"LogPath\":\"/a/b.log\"}").logFile()).isEmpty();
        assertThat(parse("{\"LogPath\":[\"/a\"],\"HostConfig\":{\"LogConfig\":{\"Type\":\"json-file\"}}}")
                        .logFile())
                .isEmpty();
        assertThat(parse(
                                "{\"LogPath\":\"/a/b.log\",\"HostConfig\":{\"LogConfig\":\"json-file\",\"Type\":\"json-file\"}}")
                        .logFile())
                .isEmpty();
    }

    private static String withLog(String driver, String path) {
        return "{\"LogPath\":\"" + path + "\",\"HostConfig\":{\"LogConfig\":{\"Config\":{\"Type\":\"x\"},\"Type\":\""
                + driver + "\"}}}";
    }

    @Test
    void answerOfAnOldEngineHasFewerFields() throws IOException {
        assertThat(parse("{\"Id\":\"x\",\"Name\":\"/old\",\"Config\":{\"Image\":\"a\",\"Labels\":null}}"))
                .isEqualTo(ContainerMetadata.EMPTY.withName("old").withImage("a"));
        assertThat(parse("{}")).isEqualTo(ContainerMetadata.EMPTY);
    }

    @Test
    void timeThatIsNoneIsUnknown() throws IOException {
        assertThat(parse("{\"Created\":\"yesterday\"}").createdAt()).isEmpty();
        assertThat(parse("{\"Created\":17}").createdAt()).isEmpty();
    }

    @Test
    void fieldsOfUnexpectedTypesAreSkipped() throws IOException {
        assertThat(
                        parse(
                                "{\"Name\":[1,{\"Name\":\"/no\"}],\"Config\":\"x\",\"NetworkSettings\":{\"Ports\":[{\"80/tcp\":1}]},\"Other\":{\"Name\":\"/no\"}}"))
                .isEqualTo(ContainerMetadata.EMPTY);
        assertThat(parse("{\"Config\":{\"Labels\":{\"a\":1,\"b\":{\"c\":\"d\"},\"e\":\"f\"}}}")
                        .labels())
                .isEqualTo(Map.of("a", "", "b", "", "e", "f"));
    }

    @Test
    void onlyWellFormedTcpBindingsArePublished() throws IOException {
        assertThat(ports(parse("""
                {"NetworkSettings": {"Ports": {
                  "53/udp": [{"HostIp": "0.0.0.0", "HostPort": "53"}],
                  "81/tcp": null,
                  "82/tcp": [{"HostIp": "", "HostPort": "82"}],
                  "83/tcp": [{"HostIp": "evil.example", "HostPort": "83"}, {"HostIp": "300.1.1.1", "HostPort": "83"},
                             {"HostIp": "1.2.3.4", "HostPort": "0"}, {"HostIp": "1.2.3.4", "HostPort": "70000"},
                             {"HostIp": "1.2.3.4", "HostPort": "x"}, {"HostIp": "1.2.3.4"}, 7, null, [],
                             {"HostIp": ":::1", "HostPort": "83"}, {"HostIp": "fd00::2", "HostPort": "83"}]}}}
                """))).containsExactly("0.0.0.0:82", "[fd00::2]:83");
    }

    @Test
    void labelsAreBoundedButThoseThatNameThePodAreKept() throws IOException {
        StringBuilder json = new StringBuilder("{\"Config\":{\"Labels\":{");
        for (int i = 0; i < 200; i++) {
            json.append("\"l")
                    .append(i)
                    .append("\":\"")
                    .append("v".repeat(5_000))
                    .append("\",");
        }
        json.append("\"io.kubernetes.pod.name\":\"web\"}}}");

        Map<String, String> labels = parse(json.toString()).labels();

        assertThat(labels).containsEntry("io.kubernetes.pod.name", "web").containsEntry("l0", "v".repeat(256));
        assertThat(labels.toString().length()).isLessThan(10_000);
    }

    @Test
    void everyPrefixOfAnAnswerIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(CAPTURED);
        int end = new String(whole, StandardCharsets.UTF_8).stripTrailing().length();
        for (int length = 0; length < end; length += 7) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> parse(part)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThatThrownBy(() -> parse("{\"X\":" + "[".repeat(100_000))).isInstanceOf(IOException.class);
    }

    @Test
    void anyBytesAreParsedOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(CAPTURED);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = whole.clone();
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(parse(bytes).name()).doesNotStartWith("/");
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
