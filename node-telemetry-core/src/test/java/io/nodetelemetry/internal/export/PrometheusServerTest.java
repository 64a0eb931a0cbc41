package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusServerTest {
    private static final Snapshot SMALL = SampleSnapshots.everyShape();
    /** Some 30 MB of text: more than sockets buffer. */
    private static final Snapshot LARGE = SampleSnapshots.tcp(400, 100);

    private final AtomicReference<@Nullable Snapshot> snapshot = new AtomicReference<>(SMALL);
    private final List<Socket> stuck = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Socket socket : stuck) {
            socket.close();
        }
    }

    private PrometheusServer serve(ScrapeLimits limits) throws IOException {
        return PrometheusServer.start("127.0.0.1", 0, snapshot::get, limits);
    }

    private PrometheusServer serve() throws IOException {
        return serve(ScrapeLimits.DEFAULT);
    }

    private static HttpURLConnection open(PrometheusServer server, String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(120_000);
        return connection;
    }

    private static String body(HttpURLConnection connection) throws IOException {
        try (InputStream in =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readAllBytes(), UTF_8);
        }
    }

    private void requestAndNeverRead(PrometheusServer server, String request) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(server.address());
        socket.getOutputStream().write(request.getBytes(UTF_8));
        stuck.add(socket);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void aScrapeGetsTheSnapshot() throws IOException {
        try (PrometheusServer server = serve()) {
            HttpURLConnection scrape = open(server, "/metrics");
            assertThat(body(scrape)).contains("\nnode_info{hostname=\"host\"");
            assertThat(scrape.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(scrape.getContentEncoding()).isNull();
            assertThat(server.scrapes()).isEqualTo(1);
            assertThat(server.gatheringErrors() + server.encodingErrors() + server.droppedScrapes())
                    .isZero();
        }
    }

    @Test
    void aScraperThatPrefersOpenMetricsAndTakesGzipGetsBoth() throws IOException {
        try (PrometheusServer server = serve()) {
            HttpURLConnection scrape = open(server, "/metrics");
            scrape.setRequestProperty("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2");
            scrape.setRequestProperty("Accept-Encoding", "gzip");
            try (InputStream in = new GZIPInputStream(scrape.getInputStream())) {
                assertThat(new String(in.readAllBytes(), UTF_8)).endsWith("\n# EOF\n");
            }
            assertThat(scrape.getContentType()).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(scrape.getContentEncoding()).isEqualTo("gzip");
        }
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        try (PrometheusServer server = serve()) {
            HttpURLConnection head = open(server, "/metrics");
            head.setRequestMethod("HEAD");
            assertThat(head.getResponseCode()).isEqualTo(200);
            assertThat(head.getContentType()).startsWith("text/plain; version=0.0.4");
            assertThat(body(head)).isEmpty();
        }
    }

    @Test
    void readinessWaitsForTheFirstSnapshotAndHealthDoesNot() throws IOException {
        snapshot.set(null);
        try (PrometheusServer server = serve()) {
            assertThat(open(server, "/healthz").getResponseCode()).isEqualTo(200);
            assertThat(open(server, "/readyz").getResponseCode()).isEqualTo(503);
            HttpURLConnection early = open(server, "/metrics");
            assertThat(early.getResponseCode()).isEqualTo(503);
            assertThat(early.getHeaderField("Retry-After")).isEqualTo("1");
            snapshot.set(SMALL);
            assertThat(open(server, "/readyz").getResponseCode()).isEqualTo(200);
            assertThat(open(server, "/metrics").getResponseCode()).isEqualTo(200);
        }
    }

    @Test
    void unknownPathsAndMethodsAreTold() throws IOException {
        try (PrometheusServer server = serve()) {
            HttpURLConnection unknown = open(server, "/metrics/more");
            assertThat(unknown.getResponseCode()).isEqualTo(404);
            assertThat(body(unknown)).contains("/metrics");
            HttpURLConnection post = open(server, "/metrics");
            post.setRequestMethod("POST");
            assertThat(post.getResponseCode()).isEqualTo(405);
            assertThat(post.getHeaderField("Allow")).isEqualTo("GET, HEAD");
            assertThat(body(open(server, "/"))).contains("href=\"/metrics\"");
        }
    }

    @Test
    void aSupplierThatThrowsIsAGatheringError() throws IOException {
        try (PrometheusServer server = PrometheusServer.start("127.0.0.1", 0, () -> {
            throw new IllegalStateException("collectors are broken");
        })) {
            HttpURLConnection scrape = open(server, "/metrics");
            assertThat(scrape.getResponseCode()).isEqualTo(500);
            assertThat(body(scrape)).doesNotContain("collectors are broken");
            assertThat(server.gatheringErrors()).isEqualTo(1);
        }
    }

    @Test
    void stuckClientsLeaveRoomForAGoodOne() throws Exception {
        snapshot.set(LARGE);
        try (PrometheusServer server = serve()) {
            for (int i = 0; i < 64; i++) {
                requestAndNeverRead(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            String good = body(open(server, "/metrics"));
            assertThat(ParsedMetrics.ofText(good).series()).hasSize(200_000);
            assertThat(server.droppedScrapes()).isPositive();
        }
    }

    @Test
    void stuckClientsHoldNoCopyOfTheScrape() throws Exception {
        snapshot.set(LARGE);
        try (PrometheusServer server = serve()) {
            body(open(server, "/metrics")); // encodes the labels
            long before = usedHeap();
            for (int i = 0; i < 64; i++) {
                requestAndNeverRead(server, "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
            }
            await("places taken", () -> server.placesTaken() == ScrapeLimits.DEFAULT.places());
            assertThat(usedHeap() - before).isLessThan(32 << 20);
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aClientThatTakesNothingIsDropped() throws Exception {
        snapshot.set(LARGE);
        ScrapeLimits impatient = new ScrapeLimits(
                8, 2, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofMinutes(1));
        try (PrometheusServer server = serve(impatient)) {
            requestAndNeverRead(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            await("dropped", () -> server.droppedScrapes() == 1 && server.placesTaken() == 0);
            assertThat(server.encodingErrors()).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatNeverEndsIsDropped() throws Exception {
        ScrapeLimits impatient = new ScrapeLimits(
                8, 2, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofMinutes(1));
        try (PrometheusServer server = serve(impatient)) {
            requestAndNeverRead(server, "GET /metrics HT");
            await("dropped", () -> server.droppedScrapes() == 1);
            // Its end, or a reset if the server had not read all.
            assertThat(readOrReset(stuck.getFirst())).isEqualTo(-1);
        }
    }

    private static int readOrReset(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
            return -1;
        }
    }

    @Test
    void nothingWakesUpWhileNobodyScrapes() throws Exception {
        Set<Thread> before = watches();
        try (PrometheusServer server = serve()) {
            Set<Thread> started = watches();
            started.removeAll(before);
            assertThat(started).hasSize(1);
            Thread watch = started.iterator().next();
            // One that looks every now and then is in TIMED_WAITING.
            await("sleeps from the start", () -> watch.getState() == Thread.State.WAITING);
            body(open(server, "/metrics"));
            assertThat(server.scrapes()).isEqualTo(1);
            await("sleeps again after a scrape", () -> watch.getState() == Thread.State.WAITING);
        }
    }

    private static Set<Thread> watches() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("nodetelemetry-scrape-watch"))
                .collect(Collectors.toSet());
    }

    @Test
    void withoutAPlaceInTimeAScrapeIsRefused() throws Exception {
        snapshot.set(LARGE);
        ScrapeLimits full = new ScrapeLimits(
                8, 1, Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (PrometheusServer server = serve(full)) {
            requestAndNeverRead(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            await("place taken", () -> server.placesTaken() == 1);
            HttpURLConnection refused = open(server, "/metrics");
            assertThat(refused.getResponseCode()).isEqualTo(503);
            assertThat(refused.getHeaderField("Retry-After")).isEqualTo("1");
            assertThat(server.refusedScrapes()).isEqualTo(1);
            assertThat(open(server, "/healthz").getResponseCode()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatIsCutShortDoesNotLookWhole() throws Exception {
        snapshot.set(LARGE);
        PrometheusServer server = serve();
        HttpURLConnection scrape = open(server, "/metrics");
        try (InputStream in = scrape.getInputStream()) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
            server.close();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closingIsPromptWithStuckClients() throws Exception {
        snapshot.set(LARGE);
        PrometheusServer server = serve();
        for (int i = 0; i < 40; i++) {
            requestAndNeverRead(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        await("places taken", () -> server.placesTaken() == ScrapeLimits.DEFAULT.places());
        long start = System.nanoTime();
        server.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ScrapeLimits.DEFAULT.stalled());
        server.close();
        await("places free", () -> server.placesTaken() == 0);
    }

    @Test
    void aTakenPortIsNamedWithTheRemedy() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String where = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> PrometheusServer.start("127.0.0.1", taken.getLocalPort(), snapshot::get))
                    .isInstanceOf(BindException.class)
                    .hasMessage("cannot listen on " + where
                            + ": the port is taken; choose another, or stop what listens there (ss -ltnp 'sport = :"
                            + taken.getLocalPort() + "')");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> PrometheusServer.start("192.0.2.1", 9400, snapshot::get))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on 192.0.2.1:9400: not an address of this machine (ip address);"
                        + " 0.0.0.0 stands for all of them");
    }

    @Test
    void anUnknownHostIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> PrometheusServer.start("no.such.host.invalid", 9400, snapshot::get))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on no.such.host.invalid:9400: the host name is not known");
    }

    @Test
    void aPortOutOfRangeIsNamed() {
        assertThatThrownBy(() -> PrometheusServer.start("127.0.0.1", 65_536, snapshot::get))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:65536");
    }
}
