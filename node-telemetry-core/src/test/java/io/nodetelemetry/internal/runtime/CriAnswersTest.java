package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CriAnswersTest {
    private static final Path CAPTURED = Path.of("src/test/resources/cri/containerd-1.6.20");
    private static final Map<String, String> POD = Map.of(
            "app",
            "cart-7d4b9",
            "io.kubernetes.pod.name",
            "cart-7d4b9",
            "io.kubernetes.pod.namespace",
            "shop",
            "io.kubernetes.pod.uid",
            "fe1aeb39-0e65-43ef-a459-5127299b3efc");
    private static final List<ContainerMount> MOUNTS =
            List.of(new ContainerMount("/var/lib/kubelet/pods/x/volumes/tools/target", "/load"));

    private static byte[] captured(String file) throws IOException {
        return Files.readAllBytes(CAPTURED.resolve(file));
    }

    private static ProtoWriter entry(String key, String value) {
        return new ProtoWriter().text(1, key).text(2, value);
    }

    @Test
    void aCapturedContainerIsUnderstood() throws IOException {
        ContainerMetadata found = CriAnswers.container(captured("container-status.bin"));

        assertThat(found.name()).isEqualTo("cart");
        assertThat(found.image()).isEqualTo("localhost/bb:1");
        assertThat(found.labels())
                .containsAllEntriesOf(POD)
                .containsEntry("io.kubernetes.container.name", "cart")
                .hasSize(POD.size() + 1);
        assertThat(found.mounts()).isEqualTo(MOUNTS);
        assertThat(found.createdAt()).contains(Instant.parse("2026-11-23T07:03:21.787203948Z"));
        assertThat(found.logFile())
                .contains(new ContainerLogFile(
                        Path.of("/tmp/nt-containerd.y8Nyai/logs/fe1aeb39-0e65-43ef-a459-5127299b3efc/cart/0.log"),
                        ContainerLogFile.Format.CRI));
    }

    @Test
    void aCapturedSandboxIsUnderstood() throws IOException {
        ContainerMetadata found = CriAnswers.sandbox(captured("pod-sandbox-status.bin"));

        assertThat(found.name()).isEqualTo("cart-7d4b9");
        assertThat(found.labels()).isEqualTo(POD);
    }

    @Test
    void aCapturedVersionIsUnderstood() throws IOException {
        assertThat(CriAnswers.version(captured("version.bin"))).isEqualTo("containerd 1.6.20~ds1");
    }

    @Test
    void theImageIsTheOneThatTheUserAskedForIfTheRuntimeTells() throws IOException {
        ProtoWriter image = new ProtoWriter().text(1, "sha256:0123").text(18, "nginx:1.27");

        assertThat(CriAnswers.container(new ProtoWriter()
                                .message(1, new ProtoWriter().message(8, image))
                                .toByteArray())
                        .image())
                .isEqualTo("nginx:1.27");
    }

    @Test
    void aContainerWithoutALogFileHasNone() throws IOException {
        for (String path : List.of("", "cart/0.log", "/a\0b", "/" + "a".repeat(5_000))) {
            ProtoWriter status = new ProtoWriter().text(15, path);
            assertThat(CriAnswers.container(new ProtoWriter().message(1, status).toByteArray())
                            .logFile())
                    .isEmpty();
        }
    }

    @Test
    void aSandboxWithoutAKubeletsLabelsGetsThem() throws IOException {
        ProtoWriter status = new ProtoWriter()
                .message(2, new ProtoWriter().text(1, "by-hand").text(3, "lab"))
                .message(7, entry("io.kubernetes.container.name", "odd"));

        assertThat(CriAnswers.sandbox(new ProtoWriter().message(1, status).toByteArray())
                        .labels())
                .isEqualTo(Map.of("io.kubernetes.pod.name", "by-hand", "io.kubernetes.pod.namespace", "lab"));
    }

    @Test
    void whatIsKeptIsBounded() throws IOException {
        ProtoWriter status = new ProtoWriter().message(2, new ProtoWriter().text(1, "n".repeat(5_000)));
        for (int i = 0; i < 2_000; i++) {
            status.message(12, entry("key-" + i, "v".repeat(5_000)));
            status.message(14, entry("/in-" + i, "/out"));
        }
        status.message(12, entry("io.kubernetes.pod.name", "late"));

        ContainerMetadata found =
                CriAnswers.container(new ProtoWriter().message(1, status).toByteArray());

        assertThat(found.name()).hasSize(256);
        assertThat(found.labels()).hasSizeBetween(10, 256).containsEntry("io.kubernetes.pod.name", "late");
        assertThat(found.labels().get("key-0")).hasSize(256);
        assertThat(found.mounts()).hasSize(256);
    }

    @Test
    void anEmptyStatusIsAContainerOfWhichNothingIsSaid() throws IOException {
        byte[] empty = new ProtoWriter().message(1, new ProtoWriter()).toByteArray();

        assertThat(CriAnswers.container(empty)).isEqualTo(ContainerMetadata.EMPTY);
        assertThatThrownBy(() -> CriAnswers.container(new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("an answer without a status");
    }

    @Test
    void aCutOffAnswerIsAnError() throws IOException {
        byte[] whole = captured("container-status.bin");
        // The second field, an empty map, is not needed: what is before it, is whole.
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> CriAnswers.container(part)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anyBytesAreReadOrRefused() throws IOException {
        byte[] whole = captured("container-status.bin");
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int n = random.nextInt(6); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(CriAnswers.container(bytes).labels().size()).isLessThanOrEqualTo(256);
                assertThat(CriAnswers.sandbox(bytes).labels()).containsKey("io.kubernetes.pod.name");
                assertThat(CriAnswers.version(bytes).length()).isLessThanOrEqualTo(256);
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 19_999);
    }
}
