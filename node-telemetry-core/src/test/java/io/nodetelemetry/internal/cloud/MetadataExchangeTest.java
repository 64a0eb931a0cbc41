package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LocalHttpServer;
import io.nodetelemetry.testing.LocalHttpServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataExchangeTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration AMPLE = Duration.ofSeconds(20);

    @Test
    void bodiesAreReadAndAbsentOnesAreEmpty() throws IOException {
        try (LocalHttpServer server = LocalHttpServer.start(request -> switch (request.path()) {
                    case "/value" -> Answer.ok(" v-1 \n");
                    case "/empty" -> Answer.ok("");
                    default -> Answer.notFound();
                });
                MetadataExchange exchange = new MetadataExchange(URI.create(server.address() + "/"), AMPLE)) {
            assertThat(exchange.text("/value")).contains("v-1");
            assertThat(exchange.text("/empty")).isEmpty();
            assertThat(exchange.text("/none")).isEmpty();
            assertThat(exchange.document("/none")).isEmpty();
            assertThat(exchange.put("/value", "A", "b").map(body -> body.length))
                    .contains(6);

            assertThat(server.requests())
                    .extracting(Object::toString)
                    .containsExactly("GET /value", "GET /empty", "GET /none", "GET /none", "PUT /value");
            assertThat(server.requests().getLast().has("a", "b")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 400, 401, 403, 405, 407, 410, 429, 500, 503})
    void otherStatusesAreRefusals(int status) throws IOException {
        try (LocalHttpServer server =
                        LocalHttpServer.start(request -> new Answer(status, Map.of("Location", "/moved"), ""));
                MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value"))
                    .isInstanceOf(UnusableAnswerException.class)
                    .hasMessage("GET /value answered " + status);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html></html>", "  <!DOCTYPE html>", "a\nb", "a\r\nb"})
    void aPageIsNoValue(String body) throws IOException {
        try (LocalHttpServer server = LocalHttpServer.start(request -> Answer.ok(body));
                MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value"))
                    .isInstanceOf(UnusableAnswerException.class)
                    .hasMessage("GET /value answered with a page, not a value");
        }
    }

    @Test
    void aServiceThatHangsIsGivenUp() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server = new RawServer(out -> self[0].hang());
                MetadataExchange exchange = new MetadataExchange(server.address(), SHORT)) {
            self[0] = server;
            assertGivenUp(exchange);
            Eventually.within(AMPLE, () -> assertThat(server.connections()).isEqualTo(1));
        }
    }

    @Test
    void aServiceThatDripsBytesIsGivenUpAtTheSameTime() throws Exception {
        for (String beginning :
                List.of("HTTP/1.1 200 OK\r\nX-Long: ", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")) {
            try (RawServer server = new RawServer(out -> {
                        RawServer.write(out, beginning);
                        while (true) {
                            RawServer.write(out, "x");
                            Thread.sleep(10);
                        }
                    });
                    MetadataExchange exchange = new MetadataExchange(server.address(), SHORT)) {
                assertGivenUp(exchange);
            }
        }
    }

    @Test
    void theTimeIsForAllRequestsTogether() throws Exception {
        try (RawServer server = new RawServer(out -> {
                    Thread.sleep(100);
                    RawServer.write(out, RawServer.ok("v"));
                });
                MetadataExchange exchange = new MetadataExchange(server.address(), Duration.ofMillis(450))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            exchange.text("/value");
                        }
                    })
                    .hasMessage("no complete answer within 450 ms");
        }
    }

    private static void assertGivenUp(MetadataExchange exchange) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> exchange.text("/value"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UnusableAnswerException.class)
                .hasMessage("no complete answer within 300 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void tenMegabytesAreNotRead() throws Exception {
        String body = "x".repeat(1 << 20);
        for (String head : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: " + (10 << 20) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(10 << 20) + "\r\n")) {
            try (RawServer server = new RawServer(out -> {
                        RawServer.write(out, head);
                        for (int i = 0; i < 10; i++) {
                            RawServer.write(out, body);
                        }
                        RawServer.write(out, "\r\n0\r\n\r\n");
                        out.close();
                    });
                    MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
                assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0000\u0001 rubbish\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 9999 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
            })
    void whatIsNotHttpIsAnError(String answer) throws Exception {
        try (RawServer server = new RawServer(out -> {
                    RawServer.write(out, answer);
                    out.close();
                });
                MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nobodyListeningIsAnErrorAtOnce() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (MetadataExchange exchange = new MetadataExchange(URI.create("http://127.0.0.1:" + port), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closingByAnotherThreadEndsTheWait() throws Exception {
        RawServer[] self = new RawServer[1];
        CompletableFuture<String> asked = new CompletableFuture<>();
        try (RawServer server = new RawServer(out -> self[0].hang())) {
            self[0] = server;
            MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE);
            Thread.ofPlatform().start(() -> {
                try {
                    asked.complete(exchange.text("/value").orElse(""));
                } catch (IOException e) {
                    asked.completeExceptionally(e);
                }
            });
            Eventually.within(AMPLE, () -> assertThat(server.connections()).isEqualTo(1));
            exchange.close();
            assertThatThrownBy(() -> asked.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> exchange.text("/value")).hasMessage("closed");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void failuresLeaveNoFileDescriptorBehind() throws Exception {
        try (RawServer server = new RawServer(out -> RawServer.write(out, "rubbish\n"))) {
            askInVain(server);
            long before = descriptors();
            for (int i = 0; i < 50; i++) {
                askInVain(server);
            }
            // The server's side of some may not be closed yet.
            Eventually.within(AMPLE, () -> assertThat(descriptors()).isLessThanOrEqualTo(before + 5));
        }
    }

    private static void askInVain(RawServer server) throws IOException {
        try (MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(IOException.class);
        }
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    /** The default selector belongs to the JVM: it is put back. */
    @Test
    void noProxyIsAsked() throws IOException {
        ProxySelector ofTheJvm = ProxySelector.getDefault();
        try (LocalHttpServer proxy = LocalHttpServer.start(request -> Answer.ok("by the proxy"));
                LocalHttpServer server = LocalHttpServer.start(request -> Answer.ok("direct"))) {
            ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), proxy.address().getPort())));
            try (MetadataExchange exchange = new MetadataExchange(server.address(), AMPLE)) {
                assertThat(exchange.text("/value")).contains("direct");
            }
            assertThat(proxy.requests()).isEmpty();
        } finally {
            ProxySelector.setDefault(ofTheJvm);
        }
    }
}
