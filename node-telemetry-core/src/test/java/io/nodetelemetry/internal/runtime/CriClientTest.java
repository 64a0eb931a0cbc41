package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.grpc.FakeGrpcServer;
import io.nodetelemetry.internal.runtime.grpc.ProtoReader;
import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriClientTest {
    private static final int UNKNOWN = 2;
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;
    private static final String CONTAINER = "c".repeat(64);
    private static final String SANDBOX = "5".repeat(64);

    @TempDir
    Path directory;

    private Path socket;
    private CriClient client;
    /** By method, and for containers and sandboxes also by id; what is not here is UNIMPLEMENTED. */
    private final Map<String, byte[]> answers = new HashMap<>();

    @BeforeEach
    void client() {
        socket = directory.resolve("crio.sock");
        client = new CriClient(List.of(directory.resolve("absent.sock"), socket), Duration.ofSeconds(20));
    }

    private static ProtoWriter entry(String key, String value) {
        return new ProtoWriter().text(1, key).text(2, value);
    }

    private static byte[] container() {
        return new ProtoWriter()
                .message(
                        1,
                        new ProtoWriter()
                                .text(1, CONTAINER)
                                .message(2, new ProtoWriter().text(1, "web").number(2, 1))
                                .message(8, new ProtoWriter().text(1, "docker.io/library/nginx:1.27"))
                                .message(12, entry("io.kubernetes.container.name", "web"))
                                .message(12, entry("io.kubernetes.pod.name", "shop-0")))
                .toByteArray();
    }

    private static byte[] sandbox() {
        return new ProtoWriter()
                .message(
                        1,
                        new ProtoWriter()
                                .text(1, SANDBOX)
                                .message(2, new ProtoWriter().text(1, "shop-0").text(3, "default"))
                                .message(7, entry("io.kubernetes.pod.name", "shop-0")))
                .toByteArray();
    }

    /** A runtime with the CRI and nothing else, which answers as CRI-O does. */
    private FakeGrpcServer crio(String version) throws IOException {
        String service = "runtime." + version + ".RuntimeService/";
        answers.put(
                service + "Version",
                new ProtoWriter()
                        .text(1, "0.1.0")
                        .text(2, "cri-o")
                        .text(3, "1.31.0")
                        .text(4, version)
                        .toByteArray());
        answers.put(service + "ContainerStatus " + CONTAINER, container());
        answers.put(service + "PodSandboxStatus " + SANDBOX, sandbox());
        return server(service);
    }

    private FakeGrpcServer server(String service) throws IOException {
        return new FakeGrpcServer(socket, (request, stream) -> {
            byte[] answer =
                    answers.getOrDefault(request.method(), answers.get(request.method() + ' ' + id(request.message())));
            if (answer != null) {
                stream.message(answer);
            } else if (request.method().startsWith(service)) {
                stream.status(NOT_FOUND, "could not find container");
            } else {
                stream.status(UNIMPLEMENTED, "unknown service");
            }
        });
    }

    private static String id(byte[] message) throws IOException {
        ProtoReader reader = ProtoReader.of(message);
        return reader.next() ? reader.text() : "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha2"})
    void aContainerIsFoundInTheVersionThatTheRuntimeHas(String version) throws IOException {
        try (FakeGrpcServer server = crio(version)) {
            ContainerMetadata found = client.inspect(CONTAINER).orElseThrow();

            assertThat(found.name()).isEqualTo("web");
            assertThat(found.image()).isEqualTo("docker.io/library/nginx:1.27");
            assertThat(found.labels())
                    .isEqualTo(Map.of("io.kubernetes.container.name", "web", "io.kubernetes.pod.name", "shop-0"));
            assertThat(server.requests()).hasSize(version.equals("v1") ? 1 : 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha2"})
    void aSandboxIsFoundAsOne(String version) throws IOException {
        try (FakeGrpcServer server = crio(version)) {
            assertThat(client.inspect(SANDBOX).orElseThrow().labels())
                    .isEqualTo(Map.of("io.kubernetes.pod.name", "shop-0", "io.kubernetes.pod.namespace", "default"));
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @Test
    void anUnknownContainerIsEmpty() throws IOException {
        try (FakeGrpcServer server = crio("v1")) {
            assertThat(client.inspect("0".repeat(64))).isEmpty();
            assertThat(client.inspect("/default/web")).isEmpty();
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @Test
    void whatIsNoIdIsNotAskedFor() throws IOException {
        try (FakeGrpcServer server = crio("v1")) {
            for (String id : List.of("", "../x", "a b", "/a/b/c", "a\n", "-x")) {
                assertThat(client.inspect(id)).isEmpty();
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void namespacesOfContainerdAreSearchedButDockers() throws IOException {
        answers.put(
                "containerd.services.namespaces.v1.Namespaces/List",
                new ProtoWriter()
                        .message(1, new ProtoWriter().text(1, "moby"))
                        .message(1, new ProtoWriter().text(1, "own"))
                        .message(1, new ProtoWriter().text(1, "default"))
                        .toByteArray());
        try (FakeGrpcServer server = server("containerd.services.")) {
            assertThat(client.inspect(CONTAINER)).isEmpty();

            assertThat(server.requests().stream()
                            .map(request -> request.headers().get("containerd-namespace"))
                            .filter(namespace -> namespace != null))
                    .containsExactly("default", "k8s.io", "own");
        }
    }

    @Test
    void containerdWithoutTheCriIsAskedAll() throws IOException {
        answers.put("containerd.services.namespaces.v1.Namespaces/List", new byte[0]);
        answers.put(
                "containerd.services.containers.v1.Containers/Get " + CONTAINER,
                new ProtoWriter()
                        .message(1, new ProtoWriter().text(1, CONTAINER).message(2, entry("nerdctl/name", "cache")))
                        .toByteArray());
        try (FakeGrpcServer server = server("containerd.services.")) {
            assertThat(client.inspect(CONTAINER).orElseThrow().name()).isEqualTo("cache");
            assertThat(client.version()).hasValue(socket + ", containerd, its CRI plugin is off");
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @Test
    void aServerThatHasNeitherApiIsAnError() throws IOException {
        try (FakeGrpcServer server = server("other.")) {
            assertThatThrownBy(() -> client.inspect(CONTAINER))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + " speaks neither the CRI nor containerd's API");
            assertThatThrownBy(client::version).isInstanceOf(IOException.class);
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @Test
    void aRuntimeThatIsNotReadyIsAnErrorAndAskedAgain() throws IOException {
        FakeGrpcServer early = new FakeGrpcServer(
                socket, (request, stream) -> stream.status(UNKNOWN, "server is not initialized yet"));
        try (early) {
            assertThatThrownBy(() -> client.inspect(CONTAINER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("server is not initialized yet");
        }
        try (FakeGrpcServer server = crio("v1")) {
            assertThat(client.inspect(CONTAINER)).isPresent();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatIsNoMessageIsAnError() throws IOException {
        answers.put("runtime.v1.RuntimeService/ContainerStatus", new byte[] {10, 127});
        try (FakeGrpcServer server = server("runtime.v1.")) {
            assertThatThrownBy(() -> client.inspect(CONTAINER)).isInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void versionIsForPeople() throws IOException {
        try (FakeGrpcServer server = crio("v1")) {
            assertThat(client.version()).hasValue(socket + ", cri-o 1.31.0");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void noSocketIsAbsenceAndAFileThatIsNoneAnError() throws IOException {
        assertThatThrownBy(() -> client.inspect(CONTAINER))
                .isInstanceOf(RuntimeAbsentException.class)
                .hasMessageContaining("absent.sock")
                .hasMessageContaining("crio.sock");
        assertThat(client.version()).isEmpty();

        Files.createFile(socket);
        assertThatThrownBy(() -> client.inspect(CONTAINER))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RuntimeAbsentException.class);
    }

    @ParameterizedTest
    @EnumSource(ContainerRuntime.class)
    void itServesWhatMayBeAPodsContainer(ContainerRuntime runtime) {
        assertThat(client.serves(runtime))
                .isEqualTo(List.of(ContainerRuntime.DOCKER, ContainerRuntime.CONTAINERD, ContainerRuntime.CRIO)
                        .contains(runtime));
    }

    @Test
    void configuredSocketsReplaceTheUsualOnes() {
        assertThat(CriClient.of(List.of(), CriClient.DEFAULT_TIMEOUT)).hasSameSizeAs(CriClient.DEFAULT_SOCKETS);
        assertThat(CriClient.of(List.of(Path.of("/a"), Path.of("/b")), CriClient.DEFAULT_TIMEOUT))
                .hasSize(2);
    }
}
