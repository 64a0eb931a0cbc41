package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerdRecordTest {
    private static final Path CAPTURED = Path.of("src/test/resources/cri/containerd-1.6.20");

    private static byte[] captured(String file) throws IOException {
        return Files.readAllBytes(CAPTURED.resolve(file));
    }

    private static byte[] record(ProtoWriter container, String spec) {
        return new ProtoWriter()
                .message(1, container.message(5, new ProtoWriter().bytes(2, spec.getBytes(StandardCharsets.UTF_8))))
                .toByteArray();
    }

    @Test
    void aCapturedContainerOfAPodIsUnderstood() throws IOException {
        ContainerMetadata found = ContainerdRecord.container(captured("get-container.bin"));

        assertThat(found.name()).isEqualTo("cart");
        assertThat(found.image()).isEqualTo("localhost/bb:1");
        assertThat(found.labels())
                .containsEntry("io.kubernetes.container.name", "cart")
                .containsEntry("io.kubernetes.pod.name", "cart-7d4b9")
                .containsEntry("io.kubernetes.pod.namespace", "shop");
        assertThat(found.mounts()).extracting(ContainerMount::destination).contains("/load");
        assertThat(found.mounts()).extracting(ContainerMount::source).allMatch(source -> source.startsWith("/"));
    }

    @Test
    void aCapturedSandboxIsRecognisable() throws IOException {
        assertThat(ContainerdRecord.container(captured("get-sandbox.bin")).labels())
                .containsEntry("io.kubernetes.pod.name", "cart-7d4b9")
                .doesNotContainKey("io.kubernetes.container.name");
    }

    @Test
    void aCapturedContainerOfNerdctlHasItsName() throws IOException {
        ContainerMetadata found = ContainerdRecord.container(captured("get-plain.bin"));

        assertThat(found.name()).isEqualTo("cache");
        assertThat(found.image()).isEqualTo("localhost/bb:1");
        assertThat(found.createdAt()).contains(Instant.parse("2026-11-23T07:03:21.932291161Z"));
        assertThat(found.mounts())
                .contains(new ContainerMount("/var/lib/kubelet/pods/x/volumes/tools/target", "/load"));
    }

    @Test
    void capturedNamespacesAreUnderstood() throws IOException {
        assertThat(ContainerdRecord.namespaces(captured("namespaces.bin"))).containsExactly("default", "k8s.io");
        assertThat(ContainerdRecord.namespaces(new byte[0])).isEmpty();
    }

    @Test
    void aContainerWithoutAnyLabelGoesByItsId() throws IOException {
        assertThat(ContainerdRecord.container(record(new ProtoWriter().text(1, "plain"), "{}")))
                .isEqualTo(ContainerMetadata.EMPTY.withName("plain"));
    }

    @Test
    void aPodsContainerThatNoKubeletMadeIsNamedByItsAnnotations() throws IOException {
        String spec = """
                {"annotations": {"io.kubernetes.cri.container-type": "container",
                  "io.kubernetes.cri.container-name": "c", "io.kubernetes.cri.sandbox-name": "p",
                  "io.kubernetes.cri.sandbox-namespace": "lab"}}""";

        assertThat(ContainerdRecord.container(record(new ProtoWriter().text(1, "0123"), spec))
                        .labels())
                .isEqualTo(Map.of(
                        "io.kubernetes.pod.name",
                        "p",
                        "io.kubernetes.pod.namespace",
                        "lab",
                        "io.kubernetes.container.name",
                        "c"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 0", "253402300800, 0", "9223372036854775807, 0", "1, -1", "1, 1000000000"})
    void aTimeThatIsNoneIsNotReported(long seconds, long nanos) throws IOException {
        ProtoWriter time = new ProtoWriter().number(1, seconds).number(2, nanos);

        assertThat(ContainerdRecord.container(
                        record(new ProtoWriter().text(1, "x").message(8, time), "{}")))
                .isEqualTo(ContainerMetadata.EMPTY.withName("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"mounts\":[", "{\"mounts\":[{\"source\":", "{\"annotations\":{", "{", "x"})
    void aSpecificationThatIsNoneIsAnError(String spec) {
        assertThatThrownBy(() -> ContainerdRecord.container(record(new ProtoWriter().text(1, "x"), spec)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void unexpectedTypesInASpecificationAreSkipped() throws IOException {
        assertThat(OciSpec.parse("""
                {"annotations": [1], "mounts": {"a": 1}, "process": {"mounts": [{"source": "/no"}], "env": {"NOMAD_TASK_NAME": "no"}}}""".getBytes(StandardCharsets.UTF_8))).isEqualTo(OciSpec.EMPTY);
        assertThat(OciSpec.parse("""
                {"annotations": {"a": 1, "b": "c"}, "process": {"env": ["NOMAD_TASK_NAME=t", "SECRET=s", 1]},
                 "mounts": [1, null, {"source": 1}, {"source": "proc", "destination": "/proc"},
                            {"source": "/srv", "destination": "/data", "options": ["rbind"]}]}""".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new OciSpec(
                        Map.of("a", "", "b", "c"),
                        Map.of("NOMAD_TASK_NAME", "t"),
                        List.of(new ContainerMount("/srv", "/data"))));
    }

    @Test
    void anyBytesAreReadOrRefused() throws IOException {
        Random random = new Random(3);
        int refused = 0;
        for (String file : List.of("get-container.bin", "get-sandbox.bin", "get-plain.bin", "namespaces.bin")) {
            byte[] whole = captured(file);
            for (int i = 0; i < 3_000; i++) {
                byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
                for (int n = random.nextInt(6); n > 0 && bytes.length > 0; n--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                try {
                    assertThat(ContainerdRecord.container(bytes).labels().size())
                            .isLessThanOrEqualTo(256);
                    assertThat(ContainerdRecord.namespaces(bytes).size()).isLessThanOrEqualTo(32);
                } catch (IOException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(1_000, 11_999);
    }
}
