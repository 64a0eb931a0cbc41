package io.nodetelemetry.benchmarks;

import io.nodetelemetry.internal.source.bpf.TcpDecoder;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTotals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/** Rows of the TCP map, from the bytes of a batch to values; the kernel's part is left out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
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
public class MapDecodeBenchmark {
    private static final int KEY_SIZE = 32;
    private static final int VALUE_SIZE = 56;

    /** Rows in the map. */
    @Param({"1000", "25000"})
    public int rows;

    private ByteBuffer keys = ByteBuffer.allocate(0);
    private ByteBuffer values = ByteBuffer.allocate(0);

    /** Makes the batch: one cgroup per hundred destinations. */
    @Setup
    public void fill() {
        keys = ByteBuffer.allocateDirect(rows * KEY_SIZE).order(ByteOrder.nativeOrder());
        values = ByteBuffer.allocateDirect(rows * VALUE_SIZE).order(ByteOrder.nativeOrder());
        for (int row = 0; row < rows; row++) {
            keys.putLong(row * KEY_SIZE, 4_000 + row / 100)
                    .putLong(row * KEY_SIZE + 16, Long.reverseBytes(0xffff_0a00_0000L + row))
                    .putShort(row * KEY_SIZE + 28, (short) 443);
            values.putLong(row * VALUE_SIZE, row).putLong(row * VALUE_SIZE + 40, row & 7);
        }
    }

    /** All rows. */
    @Benchmark
    public void decode(Blackhole hole) {
        for (int row = 0; row < rows; row++) {
            ByteBuffer key = keys.slice(row * KEY_SIZE, KEY_SIZE).order(ByteOrder.nativeOrder());
            ByteBuffer value = values.slice(row * VALUE_SIZE, VALUE_SIZE).order(ByteOrder.nativeOrder());
            TcpDestination destination = TcpDecoder.destination(key);
            TcpTotals totals = TcpDecoder.totals(value);
            hole.consume(destination);
            hole.consume(totals);
        }
    }
}
