package io.nodetelemetry.benchmarks;

import io.nodetelemetry.internal.export.ExpositionFormat;
import io.nodetelemetry.internal.export.PrometheusText;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The text of one scrape, without a socket. {@code -prof gc} shows that garbage does not grow with the series. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:C1MaxInlineSize=60",
            "-XX:C1InlineStackLimit=14"
        })
public class ScrapeBenchmark {
    /** Containers and destinations: 25, 125 and 500 thousand series. */
    @Param({"250x20", "250x100", "1000x100"})
    public String size = "";

    private final PrometheusText text = new PrometheusText();
    private Snapshot snapshot = new TcpSeries(1, 1).collect();

    /** Makes the series. */
    @Setup
    public void collect() {
        int x = size.indexOf('x');
        snapshot = new TcpSeries(Integer.parseInt(size.substring(0, x)), Integer.parseInt(size.substring(x + 1)))
                .collect();
    }

    /** Plain text. */
    @Benchmark
    public void text() throws IOException {
        text.write(snapshot, ExpositionFormat.TEXT_0_0_4, OutputStream.nullOutputStream());
    }

    /** What Prometheus asks for. */
    @Benchmark
    public void openMetricsGzip() throws IOException {
        try (GZIPOutputStream gzip = new FastestGzip()) {
            text.write(snapshot, ExpositionFormat.OPENMETRICS_1_0_0, gzip);
        }
    }

    /** As the server compresses. */
    private static final class FastestGzip extends GZIPOutputStream {
        FastestGzip() throws IOException {
            super(OutputStream.nullOutputStream(), 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
