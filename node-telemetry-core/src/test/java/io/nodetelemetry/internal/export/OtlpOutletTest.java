package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nodetelemetry.internal.export.OtlpSettings.Protocol;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtlpOutletTest {
    /** Of a push: the last one, when the outlet is closed, is given far less. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private static final Snapshot SNAPSHOT = SampleSnapshots.everyShape();

    /** Keeps what it is given, and answers as told. */
    private static final class Recorder implements MetricExporter {
        private final List<List<MetricData>> batches = new ArrayList<>();
        private final Supplier<CompletableResultCode> answer;
        private boolean shutDown;

        Recorder(Supplier<CompletableResultCode> answer) {
            this.answer = answer;
        }

        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            batches.add(List.copyOf(metrics));
            return answer.get();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            shutDown = true;
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    private static OtlpSettings settings(Protocol protocol, String endpoint, boolean gzip) {
        return new OtlpSettings(
                protocol, URI.create(endpoint), Map.of("x-token", "secret"), TIMEOUT, Duration.ofHours(1), gzip);
    }

    private static OtlpOutlet outlet(Recorder recorder, @Nullable Snapshot snapshot, int batchPoints) {
        OtlpSettings settings = settings(Protocol.GRPC, "http://localhost:4317", false);
        return new OtlpOutlet(settings, () -> Map.of("service.name", "test"), () -> snapshot, recorder, batchPoints);
    }

    @Test
    void aPushGoesOutInFullBatchesThatTogetherHoldEverySeriesOnce() {
        Snapshot snapshot = SampleSnapshots.tcp(20, 10);
        Recorder recorder = new Recorder(CompletableResultCode::ofSuccess);
        OtlpOutlet outlet = outlet(recorder, snapshot, 30);
        outlet.push(Long.MAX_VALUE);
        assertThat(outlet.pushes()).isEqualTo(1);
        assertThat(outlet.pushedPoints()).isEqualTo(1_000);
        List<Integer> sizes = recorder.batches.stream()
                .map(batch -> batch.stream()
                        .mapToInt(metric -> metric.getData().getPoints().size())
                        .sum())
                .toList();
        assertThat(sizes).hasSize(34).endsWith(10);
        assertThat(sizes.subList(0, 33)).containsOnly(30);
        assertThat(recorder.batches.stream()
                        .flatMap(List::stream)
                        .flatMap(metric -> metric.getData().getPoints().stream()
                                .map(point -> metric.getName() + point.getAttributes()))
                        .collect(Collectors.toSet()))
                .hasSize(1_000);
        outlet.close();
        assertThat(recorder.shutDown).isTrue();
    }

    @Test
    void pointsCarryTheResourceAndTheTimesOfTheSnapshot() {
        Recorder recorder = new Recorder(CompletableResultCode::ofSuccess);
        OtlpOutlet outlet = outlet(recorder, SNAPSHOT, 1_000);
        outlet.push(Long.MAX_VALUE);
        MetricData metric = recorder.batches.getFirst().getFirst();
        assertThat(metric.getResource().getAttributes().toString()).contains("service.name=\"test\"");
        var point = metric.getData().getPoints().iterator().next();
        assertThat(point.getStartEpochNanos()).isEqualTo(SampleSnapshots.STARTED.getEpochSecond() * 1_000_000_000L);
        assertThat(point.getEpochNanos()).isEqualTo(SampleSnapshots.TAKEN.toEpochMilli() * 1_000_000L);
        outlet.close();
    }

    @Test
    void theResourceIsTheOneOfTheMomentOfThePush() {
        AtomicReference<Map<String, String>> attributes = new AtomicReference<>(Map.of("service.name", "test"));
        Recorder recorder = new Recorder(CompletableResultCode::ofSuccess);
        OtlpSettings settings = settings(Protocol.GRPC, "http://localhost:4317", false);
        OtlpOutlet outlet = new OtlpOutlet(settings, attributes::get, () -> SNAPSHOT, recorder, 1_000);

        outlet.push(Long.MAX_VALUE);
        attributes.set(Map.of("service.name", "test", "cloud.region", "eu-central-1"));
        outlet.push(Long.MAX_VALUE);
        outlet.push(Long.MAX_VALUE);

        List<Resource> resources = recorder.batches.stream()
                .map(batch -> batch.getFirst().getResource())
                .toList();
        assertThat(resources.getFirst().getAttributes().asMap())
                .isEqualTo(Map.of(AttributeKey.stringKey("service.name"), "test"));
        assertThat(resources.get(1).getAttributes().asMap())
                .isEqualTo(Map.of(
                        AttributeKey.stringKey("service.name"), "test",
                        AttributeKey.stringKey("cloud.region"), "eu-central-1"));
        assertThat(resources.get(2)).isSameAs(resources.get(1));
        outlet.close();
    }

    @Test
    void afterAFailedBatchTheRestIsLeftOut() {
        Recorder recorder =
                new Recorder(() -> CompletableResultCode.ofExceptionalFailure(new IOException("receiver is down")));
        OtlpOutlet outlet = outlet(recorder, SampleSnapshots.tcp(20, 10), 30);
        outlet.push(Long.MAX_VALUE);
        outlet.push(Long.MAX_VALUE);
        assertThat(recorder.batches).hasSize(2);
        assertThat(outlet.failedPushes()).isEqualTo(2);
        assertThat(outlet.pushes()).isZero();
        outlet.close();
    }

    @Test
    void anExporterThatThrowsIsAFailedPush() {
        Recorder recorder = new Recorder(() -> {
            throw new IllegalStateException("broken");
        });
        OtlpOutlet outlet = outlet(recorder, SNAPSHOT, 1_000);
        outlet.push(Long.MAX_VALUE);
        assertThat(outlet.failedPushes()).isEqualTo(1);
        outlet.close();
    }

    @Test
    void nothingIsPushedBeforeTheFirstSnapshot() {
        Recorder recorder = new Recorder(CompletableResultCode::ofSuccess);
        try (OtlpOutlet outlet = outlet(recorder, null, 1_000)) {
            outlet.push(Long.MAX_VALUE);
            assertThat(recorder.batches).isEmpty();
            assertThat(outlet.failedPushes()).isZero();
        }
    }

    @Test
    void closingMakesOneLastPush() {
        Recorder recorder = new Recorder(CompletableResultCode::ofSuccess);
        OtlpOutlet outlet = outlet(recorder, SNAPSHOT, 1_000);
        outlet.close();
        outlet.close();
        assertThat(recorder.batches).hasSize(1);
    }

    @Test
    void closingIsBoundedWhenNobodyAnswers() {
        Recorder recorder = new Recorder(CompletableResultCode::new);
        OtlpOutlet outlet = outlet(recorder, SNAPSHOT, 1_000);
        long start = System.nanoTime();
        outlet.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.dividedBy(2));
        assertThat(outlet.failedPushes()).isEqualTo(1);
    }

    private record Received(
            String path,
            String type,
            @Nullable String token,
            @Nullable String encoding,
            InputStream body) {}

    private static HttpServer receiver(BlockingQueue<Received> received) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    headers.getFirst("Content-Type"),
                    headers.getFirst("x-token"),
                    headers.getFirst("Content-Encoding"),
                    new ByteArrayInputStream(exchange.getRequestBody().readAllBytes())));
            exchange.sendResponseHeaders(200, -1);
        });
        server.start();
        return server;
    }

    @Test
    void overHttpABatchIsPostedToTheEndpointWithItsHeaders() throws Exception {
        BlockingQueue<Received> queue = new LinkedBlockingQueue<>();
        HttpServer server = receiver(queue);
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/metrics";
        try {
            OtlpOutlet outlet = OtlpOutlet.start(
                    settings(Protocol.HTTP_PROTOBUF, endpoint, true),
                    () -> Map.of("service.name", "test"),
                    () -> SNAPSHOT);
            outlet.close();
            assertThat(outlet.pushes()).isEqualTo(1);
            Received received = queue.poll(60, TimeUnit.SECONDS);
            assertThat(received).isNotNull();
            assertThat(received.path()).isEqualTo("/v1/metrics");
            assertThat(received.type()).isEqualTo("application/x-protobuf");
            assertThat(received.token()).isEqualTo("secret");
            assertThat(received.encoding()).isEqualTo("gzip");
            try (GZIPInputStream in = new GZIPInputStream(received.body())) {
                assertThat(new String(in.readAllBytes(), UTF_8))
                        .contains("container_net_tcp_successful_connects", "service.name", "machine_id");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aDeadReceiverIsCountedAndTheGlobalOpenTelemetryStaysUntouched() throws Exception {
        String endpoint;
        try (ServerSocket free = new ServerSocket(0)) {
            endpoint = "http://127.0.0.1:" + free.getLocalPort();
        }
        for (Protocol protocol : Protocol.values()) {
            OtlpOutlet outlet = OtlpOutlet.start(settings(protocol, endpoint, false), Map::of, () -> SNAPSHOT);
            long start = System.nanoTime();
            outlet.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.dividedBy(2));
            assertThat(outlet.failedPushes()).isEqualTo(1);
        }
        assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    }

    @Test
    void headersAreNotShown() {
        assertThat(settings(Protocol.GRPC, "http://localhost:4317", false).toString())
                .doesNotContain("secret");
    }
}
