package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerClientTest {
    private static final String ID = "a".repeat(64);
    private static final String WEB =
            "{\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.27\",\"Labels\":{\"a\":\"b\"}}}";
    private static final ContainerMetadata WEB_METADATA =
            ContainerMetadata.EMPTY.withName("web").withImage("nginx:1.27").withLabels(Map.of("a", "b"));

    @TempDir
    Path directory;

    private Path socket;
    private DockerClient client;

    @BeforeEach
    void client() {
        socket = directory.resolve("docker.sock");
        client = new DockerClient(List.of(directory.resolve("absent.sock"), socket), Duration.ofSeconds(20));
    }

    private DockerClient hasty() {
        return new DockerClient(List.of(socket), Duration.ofMillis(300));
    }

    @Test
    void inspectAsksForTheContainerWithoutAnApiVersion() throws IOException {
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(200, WEB))) {
            assertThat(client.inspect(ID)).contains(WEB_METADATA);
            assertThat(server.requests())
                    .containsExactly(
                            "GET /containers/" + ID
                                    + "/json HTTP/1.1\r\nHost: docker\r\nAccept: application/json\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void chunksAreJoined() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\n" + WEB.substring(0, 5) + "\r\n"
                + Integer.toHexString(WEB.length() - 5).toUpperCase(Locale.ROOT) + ";x=y\r\n" + WEB.substring(5)
                + "\r\n0\r\n\r\n";
        try (LocalServer server = LocalServer.answering(socket, answer)) {
            assertThat(client.inspect(ID)).contains(WEB_METADATA);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void answerWithoutLengthEndsWithTheConnection() throws IOException {
        try (LocalServer server = LocalServer.answering(socket, "HTTP/1.0 200 OK\r\n\r\n" + WEB)) {
            assertThat(client.inspect(ID)).contains(WEB_METADATA);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void unknownContainerIsEmpty() throws IOException {
        try (LocalServer server =
                LocalServer.answering(socket, LocalServer.json(404, "{\"message\":\"No such container\"}"))) {
            assertThat(client.inspect(ID)).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void idThatIsNoneIsNotAskedFor() throws IOException {
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(200, WEB))) {
            assertThat(client.inspect("../images")).isEmpty();
            assertThat(client.inspect("a HTTP/1.1\r\n\r\n")).isEmpty();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void failingEngineIsAnErrorWithItsOwnWords() throws IOException {
        try (LocalServer server =
                LocalServer.answering(socket, LocalServer.json(500, "{\"message\":\"out of\\nspace\"}"))) {
            assertThatThrownBy(() -> client.inspect(ID))
                    .isInstanceOf(IOException.class)
                    .hasMessage("docker answered 500: {\"message\":\"out of\\nspace\"}");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Name\":\"/web\"}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"N",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}}}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{}",
                "HTTP/1.1 999 OK\r\n\r\n{}",
                "HTTP/2 200\r\n\r\n{}",
                "\u0000\u0001\u0002 rubbish\n\n",
                "<html><body>hello</body></html>\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>login</body></html>",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n{\"Name\":\"/web\",\"Config\":{\"Im",
                "HTTP/1.1 200 OK\r\n\r\n{\"Name\":\"/web\"}{",
                "HTTP/1.1 200 OK\r\n\r\n[1,2]",
                "HTTP/1.1 200 OK\r\n\r\n\"web\"",
            })
    void answerThatMakesNoSenseIsAnError(String answer) throws IOException {
        try (LocalServer server = LocalServer.answering(socket, answer)) {
            assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void endlessHeadersAndLinesAreAnError() throws IOException {
        for (String endless : List.of("x".repeat(1_000_000), "a: b\r\n".repeat(100_000))) {
            try (LocalServer server = LocalServer.answering(socket, "HTTP/1.1 200 OK\r\n" + endless)) {
                assertThatThrownBy(() -> client.inspect(ID))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("than");
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Test
    void answerOfTenMegabytesIsRefusedHoweverItIsSent() throws IOException {
        String body = " ".repeat(10 << 20);
        for (String answer : List.of(
                LocalServer.json(200, body),
                "HTTP/1.1 200 OK\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").repeat(10) + "0\r\n\r\n")) {
            try (LocalServer server = LocalServer.answering(socket, answer)) {
                assertThatThrownBy(() -> client.inspect(ID))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the answer is larger than 4194304 bytes");
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Test
    void engineThatHangsIsGivenUp() throws Exception {
        LocalServer[] self = new LocalServer[1];
        try (LocalServer server = new LocalServer(socket, channel -> self[0].hang())) {
            self[0] = server;
            long start = System.nanoTime();

            assertThatThrownBy(() -> hasty().inspect(ID))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no complete answer within 300 ms");

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(60));
        }
    }

    @Test
    void engineThatDripsBytesIsGivenUpAtTheSameTime() throws Exception {
        try (LocalServer server = new LocalServer(socket, channel -> {
            LocalServer.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true) {
                LocalServer.write(channel, " ");
                Thread.sleep(10);
            }
        })) {
            assertThatThrownBy(() -> hasty().inspect(ID))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no complete answer within 300 ms");
            // It may have heard of the client when that had gone.
            Eventually.within(
                    Duration.ofSeconds(60), () -> assertThat(server.requests()).hasSize(1));
        }
    }

    @Test
    void engineThatAcceptsNoConnectionIsGivenUp() throws Exception {
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> hasty().inspect(ID)).isInstanceOf(IOException.class);
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                queued.add(channel);
                channel.configureBlocking(false);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                } catch (IOException e) {
                    break;
                }
            }
        } finally {
            for (SocketChannel channel : queued) {
                channel.close();
            }
        }
    }

    @Test
    void absentDeadOrOrdinaryFileIsAnError() throws IOException {
        assertThatThrownBy(() -> client.inspect(ID))
                .isInstanceOf(IOException.class)
                .hasMessage("no docker socket at [" + directory.resolve("absent.sock") + ", " + socket + "]");

        Files.createFile(socket);
        assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);
        Files.delete(socket);

        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(Files.exists(socket)).isTrue();
        assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);
    }

    @Test
    void socketThatAppearsLaterIsUsed() throws IOException {
        assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);

        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(200, WEB))) {
            assertThat(client.inspect(ID)).contains(WEB_METADATA);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void failuresLeaveNoFileDescriptorBehind() throws IOException {
        Path own = Path.of("/proc/self/fd");
        try (LocalServer server = LocalServer.answering(socket, "rubbish\n")) {
            assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);
            long before = count(own);
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> client.inspect(ID)).isInstanceOf(IOException.class);
            }
            assertThat(count(own)).isLessThanOrEqualTo(before + 5);
            assertThat(server.requests()).hasSize(51);
        }
    }

    private static long count(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.count();
        }
    }

    @Test
    void versionIsTheEngines() throws IOException {
        try (LocalServer server = LocalServer.answering(
                socket,
                LocalServer.json(
                        200,
                        "{\"Platform\":{\"Name\":\"\"},\"Components\":[{\"Version\":\"1\"}],\"Version\":\"20.10.24\"}"))) {
            assertThat(client.version()).isEqualTo("20.10.24");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void dataDirectoryIsRead() throws IOException {
        try (LocalServer server = LocalServer.answering(
                socket,
                LocalServer.json(
                        200,
                        "{\"ID\":\"x\",\"Plugins\":{\"DockerRootDir\":\"/no\"},\"DockerRootDir\":\"/srv/docker\"}"))) {
            assertThat(client.dataDirectory()).contains(Path.of("/srv/docker"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void dataDirectoryThatIsNoPathOfAFileSystemIsNone() throws IOException {
        try (LocalServer server =
                LocalServer.answering(socket, LocalServer.json(200, "{\"DockerRootDir\":\"C:\\\\docker\"}"))) {
            assertThat(client.dataDirectory()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"Version\":1}", "OK"})
    void answerWithoutVersionIsAnError(String body) throws IOException {
        try (LocalServer server = LocalServer.answering(socket, LocalServer.json(200, body))) {
            assertThatThrownBy(() -> client.version()).isInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void interruptEndsTheWait() throws Exception {
        LocalServer[] self = new LocalServer[1];
        try (LocalServer server = new LocalServer(socket, channel -> self[0].hang())) {
            self[0] = server;
            Throwable[] thrown = new Throwable[1];
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    client.inspect(ID);
                } catch (IOException e) {
                    thrown[0] = e;
                }
            });
            while (server.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            thread.join(10_000);
            assertThat(thrown[0]).isInstanceOf(IOException.class);
        }
    }
}
