package io.nodetelemetry.internal.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.DeadlineSocket;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcChannelTest {
    private static final String METHOD = "test.Service/Method";
    private static final byte[] ASKED = {8, 1};
    private static final byte[] ANSWER = {1, 2, 3};

    @TempDir
    Path directory;

    private Path socket;
    private GrpcChannel channel;

    @BeforeEach
    void channel() {
        socket = directory.resolve("s.sock");
        channel = new GrpcChannel(socket, Duration.ofSeconds(20), DeadlineSocket::connect);
    }

    private byte[] call() throws IOException {
        return channel.call(METHOD, Map.of(), ASKED);
    }

    private GrpcChannel hasty() {
        return new GrpcChannel(socket, Duration.ofMillis(300), DeadlineSocket::connect);
    }

    private FakeGrpcServer answering(byte[] answer) throws IOException {
        return new FakeGrpcServer(socket, (request, stream) -> stream.message(answer));
    }

    @Test
    void theRequestIsWhatGrpcDemands() throws IOException {
        try (FakeGrpcServer server = answering(ANSWER)) {
            assertThat(channel.call(METHOD, Map.of("containerd-namespace", "k8s.io"), ASKED))
                    .isEqualTo(ANSWER);

            FakeGrpcServer.Request request = server.requests().getFirst();
            assertThat(request.method()).isEqualTo(METHOD);
            assertThat(request.message()).isEqualTo(ASKED);
            assertThat(request.headers())
                    .containsEntry(":method", "POST")
                    .containsEntry("te", "trailers")
                    .containsEntry("content-type", "application/grpc")
                    .containsEntry("grpc-timeout", "20000m")
                    .containsEntry("containerd-namespace", "k8s.io");
        }
    }

    @Test
    void eachCallHasAConnectionOfItsOwnAndLeavesNoThread() throws IOException {
        try (FakeGrpcServer server = answering(ANSWER)) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            for (int i = 0; i < 20; i++) {
                assertThat(call()).isEqualTo(ANSWER);
            }
            assertThat(server.requests()).hasSize(20);
            assertThat(server.connections()).isEqualTo(20);
            // But for those that carry the server's virtual threads.
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !before.contains(thread))
                            .map(Thread::getName))
                    .allMatch(name -> name.matches("ForkJoinPool-.*|VirtualThread-.*|.*-Poller.*"));
        }
    }

    @Test
    void aServerThatRestartedIsAskedAgain() throws IOException {
        for (byte life = 0; life < 3; life++) {
            byte[] answer = {life};
            FakeGrpcServer server = answering(answer);
            try (server) {
                assertThat(call()).isEqualTo(answer);
            }
            assertThatThrownBy(this::call).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEmptyMessageIsAnAnswer() throws IOException {
        try (FakeGrpcServer server = answering(new byte[0])) {
            assertThat(call()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aLongMessageArrivesWhole() throws IOException {
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        try (FakeGrpcServer server = answering(large)) {
            assertThat(call()).isEqualTo(large);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aStatusMayComeInHeadersAlone() throws IOException {
        try (FakeGrpcServer server =
                new FakeGrpcServer(socket, (request, stream) -> stream.status(5, "no %E2%82%AC+1%0A\"x\""))) {
            assertThatThrownBy(this::call)
                    .isInstanceOfSatisfying(
                            GrpcStatusException.class,
                            e -> assertThat(e.code()).isEqualTo(GrpcStatusException.NOT_FOUND))
                    .hasMessage(METHOD + " answered with gRPC status 5: no €+1 \"x\"");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aStatusMayComeInTrailers() throws IOException {
        try (FakeGrpcServer server = new FakeGrpcServer(socket, (request, stream) -> {
            stream.headers(false, ":status", "200", "content-type", "application/grpc+proto");
            stream.headers(true, "grpc-status", "12");
        })) {
            assertThatThrownBy(this::call)
                    .isInstanceOfSatisfying(
                            GrpcStatusException.class,
                            e -> assertThat(e.code()).isEqualTo(GrpcStatusException.UNIMPLEMENTED))
                    .hasMessage(METHOD + " answered with gRPC status 12");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void whatElseAServerMaySayBetweenIsUnderstood() throws IOException {
        try (FakeGrpcServer server = new FakeGrpcServer(socket, (request, stream) -> {
            stream.headers(false, ":status", "103", "link", "</x>");
            // A ping, a priority, a frame of a type to come, a farewell after this answer.
            stream.ofConnection(6, 0, new byte[8]);
            stream.frame(2, 0, new byte[5]);
            stream.frame(200, 255, new byte[3]);
            stream.ofConnection(7, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
            stream.splitHeaders(":status", "200", "content-type", "application/grpc");
            // Padding of 2 bytes, then of all there is.
            byte[] framed = GrpcMessage.frame(ANSWER);
            stream.frame(
                    FakeGrpcServer.DATA,
                    8,
                    ByteBuffer.allocate(framed.length + 3)
                            .put((byte) 2)
                            .put(framed)
                            .array());
            stream.frame(FakeGrpcServer.DATA, 8, new byte[] {3, 0, 0, 0});
            stream.headers(true, "grpc-status", "0");
        })) {
            assertThat(call()).isEqualTo(ANSWER);
            assertThat(server.requests()).hasSize(1);
        }
    }

    static Stream<Arguments> badAnswers() {
        byte[] framed = GrpcMessage.frame(ANSWER);
        return Stream.of(
                bad("HTTP status", stream -> stream.headers(true, ":status", "404")),
                bad("something else than gRPC", stream -> {
                    stream.headers(false, ":status", "200", "content-type", "text/html");
                    stream.frame(
                            FakeGrpcServer.DATA, FakeGrpcServer.END_STREAM, "<html>".getBytes(StandardCharsets.UTF_8));
                }),
                bad("something else than gRPC", stream -> stream.headers(true, ":status", "200")),
                bad("no valid grpc-status", stream -> {
                    ok(stream);
                    stream.data(framed);
                    stream.frame(FakeGrpcServer.DATA, FakeGrpcServer.END_STREAM, new byte[0]);
                }),
                bad("no valid grpc-status", stream -> {
                    ok(stream);
                    stream.data(framed);
                    stream.headers(true, "grpc-status", "fine");
                }),
                bad("no valid grpc-status", stream -> stream.headers(true, ":status", "200", "grpc-status", "0")),
                bad("no message", stream -> {
                    ok(stream);
                    stream.headers(true, "grpc-status", "0");
                }),
                bad("compressed", stream -> {
                    ok(stream);
                    stream.data(new byte[] {1, 0, 0, 0, 1, 0});
                    stream.headers(true, "grpc-status", "0");
                }),
                bad("4294967295 bytes is cut off", stream -> {
                    ok(stream);
                    stream.data(new byte[] {0, -1, -1, -1, -1, 0});
                    stream.headers(true, "grpc-status", "0");
                }),
                bad("cut off after 1", stream -> {
                    ok(stream);
                    stream.data(new byte[] {0, 0, 0, 0, 2, 7});
                    stream.headers(true, "grpc-status", "0");
                }),
                bad("more than one message", stream -> {
                    ok(stream);
                    stream.data(framed);
                    stream.data(framed);
                    stream.headers(true, "grpc-status", "0");
                }),
                bad("", stream -> {
                    ok(stream);
                    stream.data(framed);
                    stream.closeConnection();
                }),
                bad("", FakeGrpcServer.Stream::closeConnection),
                bad("stream reset with error 2", stream -> stream.frame(3, 0, new byte[] {0, 0, 0, 2})),
                bad("too short", stream -> stream.frame(3, 0, new byte[3])),
                bad("goes away with error 0", stream -> stream.ofConnection(7, 0, new byte[8])),
                bad(
                        "goes away with error 11",
                        stream -> stream.ofConnection(7, 0, new byte[] {0, 0, 0, 9, 0, 0, 0, 11})),
                bad("unexpected frame of type 5", stream -> stream.frame(5, 4, new byte[4])),
                bad("unexpected frame of type 9", stream -> stream.frame(9, 4, new byte[4])),
                bad("interrupted", stream -> {
                    stream.frame(FakeGrpcServer.HEADERS, 0, new byte[0]);
                    stream.frame(FakeGrpcServer.DATA, 0, new byte[0]);
                }),
                bad("header block of more than 65536 bytes", stream -> {
                    stream.frame(FakeGrpcServer.HEADERS, 0, new byte[0]);
                    for (int i = 0; i < 5; i++) {
                        stream.frame(9, 0, new byte[16_384]);
                    }
                }),
                bad("more padding", stream -> stream.frame(FakeGrpcServer.HEADERS, 4 | 8, new byte[] {9, 0})),
                bad("no header field", stream -> stream.frame(FakeGrpcServer.HEADERS, 4, new byte[] {(byte) 0xbf})),
                bad("not ours", stream -> stream.ofConnection(1, 4 | 1, new byte[] {(byte) 0x88})),
                bad("data without headers", stream -> stream.data(framed)),
                bad("in the middle", stream -> {
                    ok(stream);
                    ok(stream);
                }),
                bad("a frame of 1048576 bytes", stream -> stream.frame(FakeGrpcServer.DATA, 0, new byte[1 << 20])),
                bad("more than 16777221 bytes", stream -> {
                    ok(stream);
                    stream.data(new byte[(16 << 20) + 6]);
                }));
    }

    private interface Bad {
        void write(FakeGrpcServer.Stream stream) throws IOException;
    }

    private static Arguments bad(String message, Bad bad) {
        return Arguments.of(message, bad);
    }

    private static void ok(FakeGrpcServer.Stream stream) throws IOException {
        stream.headers(false, ":status", "200", "content-type", "application/grpc");
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("badAnswers")
    void anAnswerThatMakesNoSenseIsAnError(String message, Object bad) throws IOException {
        try (FakeGrpcServer server = new FakeGrpcServer(socket, (request, stream) -> ((Bad) bad).write(stream))) {
            assertThatThrownBy(this::call)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(GrpcStatusException.class)
                    .hasMessageStartingWith("no answer from " + socket + " to " + METHOD + ": ")
                    .hasMessageContaining(message);
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "hello",
                "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            })
    void aServerOfAnotherProtocolIsAnError(String greeting) throws IOException {
        try (FakeGrpcServer server = FakeGrpcServer.raw(
                socket, client -> FakeGrpcServer.write(client, greeting.getBytes(StandardCharsets.UTF_8)))) {
            assertThatThrownBy(this::call).isInstanceOf(IOException.class);
            assertThat(server.connections()).isPositive();
        }
    }

    @Test
    void anyBytesAreAnErrorInTime() throws IOException {
        Random random = new Random(7);
        try (FakeGrpcServer server = FakeGrpcServer.raw(socket, client -> {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            if (random.nextBoolean()) {
                // As the settings that every connection begins with, so that what follows is read as frames.
                FakeGrpcServer.write(client, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
                System.arraycopy(new byte[] {0, 0}, 0, noise, 0, Math.min(2, noise.length));
            }
            FakeGrpcServer.write(client, noise);
        })) {
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(this::call).isInstanceOf(IOException.class);
            }
            assertThat(server.connections()).isGreaterThanOrEqualTo(200);
        }
    }

    static List<FakeGrpcServer.Handler> hangers() {
        return List.of(
                (request, stream) -> {},
                (request, stream) -> ok(stream),
                (request, stream) -> {
                    ok(stream);
                    stream.data(new byte[] {0, 0, 0, 0, 3, 1});
                },
                (request, stream) -> {
                    ok(stream);
                    stream.data(GrpcMessage.frame(ANSWER));
                });
    }

    @ParameterizedTest
    @MethodSource("hangers")
    void aServerThatHangsIsLeftInTime(FakeGrpcServer.Handler handler) throws IOException {
        try (FakeGrpcServer server = new FakeGrpcServer(socket, handler)) {
            // Once more if the client gave up before the server had a processor to hear of it.
            for (int calls = 0; server.requests().isEmpty(); calls++) {
                assertThat(calls).isLessThan(100);
                long start = System.nanoTime();
                assertThatThrownBy(() -> hasty().call(METHOD, Map.of(), ASKED)).isInstanceOf(IOException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(Duration.ofMillis(200), Duration.ofSeconds(60));
            }
        }
    }

    @Test
    void aServerThatDripsIsLeftInTime() throws IOException {
        try (FakeGrpcServer server = FakeGrpcServer.raw(socket, client -> {
            while (true) {
                FakeGrpcServer.write(client, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
                Thread.sleep(20);
            }
        })) {
            assertThatThrownBy(() -> hasty().call(METHOD, Map.of(), ASKED)).isInstanceOf(IOException.class);
            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(server.connections()).isPositive());
        }
    }

    @Test
    void aServerThatNeverAcceptsIsLeftInTime() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> hasty().call(METHOD, Map.of(), ASKED)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void nobodyThereIsAnError() {
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<Exception> thrown = new AtomicReference<>();
        try (FakeGrpcServer server = new FakeGrpcServer(socket, (request, stream) -> asked.countDown())) {
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    call();
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            asked.await();
            caller.interrupt();
            caller.join(Duration.ofSeconds(60));

            assertThat(caller.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void framesHaveFiveBytesBeforeTheMessage() {
        assertThat(GrpcMessage.frame(ANSWER))
                .isEqualTo(ByteBuffer.allocate(8)
                        .putInt(0)
                        .put((byte) 3)
                        .put(ANSWER)
                        .array());
    }
}
