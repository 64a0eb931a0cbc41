package io.nodetelemetry.internal.export;

import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the latest snapshot by OTLP, over gRPC or HTTP/protobuf, on a clock and a thread of its own. A push goes out in
 * batches, one after the other, so that its memory does not grow with the number of series. Counters are cumulative: a
 * push that fails is made good by the next, and after its first failed batch the rest of it is left out.
 *
 * <p>Nothing is thrown after the start: failures are counted, and logged once per cause. Safe for use by several
 * threads. Closing makes one last push.
 */
public final class OtlpOutlet implements AutoCloseable {
    private static final int BATCH_POINTS = 5_000;
    private static final Duration LAST_PUSH = Duration.ofMillis(1100);
    private static final Duration SHUTDOWN = Duration.ofMillis(300);

    private final MetricExporter exporter;
    private final OtlpSettings settings;
    private final CurrentResource resource;
    private final Supplier<? extends @Nullable Snapshot> snapshots;
    private final SnapshotMetricProducer producer;
    private final int batchPoints;
    private final PushFailures failures;
    private final Thread thread;
    private volatile boolean closed;
    private final LongAdder pushes = new LongAdder();
    private final LongAdder pushedPoints = new LongAdder();

    OtlpOutlet(
            OtlpSettings settings,
            Supplier<Map<String, String>> resourceAttributes,
            Supplier<? extends @Nullable Snapshot> snapshots,
            MetricExporter exporter,
            int batchPoints) {
        this.settings = settings;
        this.exporter = exporter;
        this.snapshots = snapshots;
        this.batchPoints = batchPoints;
        resource = new CurrentResource(resourceAttributes);
        producer = new SnapshotMetricProducer(snapshots, resource);
        failures = new PushFailures(settings.endpoint());
        thread = Thread.ofPlatform().name("nodetelemetry-otlp").daemon().unstarted(this::run);
    }

    /**
     * Starts pushing; the first push comes after one interval. Does not wait for the receiver.
     *
     * @param resourceAttributes who speaks: {@code service.name}, {@code host.name}, {@code host.id} …; asked once per
     *     push and must not block
     * @param snapshots asked once per push and must not block; null as long as there is no snapshot
     */
    public static OtlpOutlet start(
            OtlpSettings settings,
            Supplier<Map<String, String>> resourceAttributes,
            Supplier<? extends @Nullable Snapshot> snapshots) {
        OtlpOutlet outlet = new OtlpOutlet(settings, resourceAttributes, snapshots, exporter(settings), BATCH_POINTS);
        outlet.thread.start();
        return outlet;
    }

    /** The meter provider is set because the default one would initialise the host's global OpenTelemetry. */
    private static MetricExporter exporter(OtlpSettings settings) {
        String compression = settings.gzip() ? "gzip" : "none";
        String endpoint = settings.endpoint().toString();
        return switch (settings.protocol()) {
            case GRPC -> {
                var builder = OtlpGrpcMetricExporter.builder()
                        .setEndpoint(endpoint)
                        .setTimeout(settings.timeout())
                        .setCompression(compression)
                        .setMeterProvider(MeterProvider.noop())
                        .setMemoryMode(MemoryMode.REUSABLE_DATA);
                settings.headers().forEach(builder::addHeader);
                yield builder.build();
            }
            case HTTP_PROTOBUF -> {
                var builder = OtlpHttpMetricExporter.builder()
                        .setEndpoint(endpoint)
                        .setTimeout(settings.timeout())
                        .setCompression(compression)
                        .setMeterProvider(MeterProvider.noop())
                        .setMemoryMode(MemoryMode.REUSABLE_DATA);
                settings.headers().forEach(builder::addHeader);
                yield builder.build();
            }
        };
    }

    private void run() {
        long next = System.nanoTime() + settings.interval().toNanos();
        while (!closed) {
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                push(Long.MAX_VALUE);
                // A push longer than the interval skips beats instead of hurrying after them.
                next = Math.max(next + settings.interval().toNanos(), System.nanoTime());
            }
        }
    }

    /** Pushes once; waits at most so long for all batches together. Never throws. */
    void push(long timeoutNanos) {
        long start = System.nanoTime();
        long perBatch = settings.timeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
        try {
            Snapshot snapshot = snapshots.get();
            if (snapshot == null) {
                return;
            }
            for (List<MetricData> batch : producer.batches(snapshot, batchPoints)) {
                long left = timeoutNanos - (System.nanoTime() - start);
                CompletableResultCode result = exporter.export(batch);
                result.join(Math.min(Math.max(left, 0), perBatch), TimeUnit.NANOSECONDS);
                if (!result.isSuccess()) {
                    if (!Thread.currentThread().isInterrupted()) {
                        failures.add(result);
                    }
                    return;
                }
                for (MetricData metric : batch) {
                    pushedPoints.add(((PointRange) metric).size());
                }
            }
            pushes.increment();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    /** Pushes that succeeded as a whole. */
    public long pushes() {
        return pushes.sum();
    }

    /** Points that the receiver took. */
    public long pushedPoints() {
        return pushedPoints.sum();
    }

    /** Pushes that failed, in whole or in part. */
    public long failedPushes() {
        return failures.count();
    }

    /** Ends a push under way, makes a last one and lets go of the connection: at most 1.5 s in all. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long start = System.nanoTime();
        stopClock();
        push(LAST_PUSH.toNanos() - (System.nanoTime() - start));
        var _ = exporter.shutdown().join(SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopClock() {
        if (!thread.isAlive()) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(LAST_PUSH.dividedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
