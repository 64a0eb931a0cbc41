package io.nodetelemetry.benchmarks;

import io.nodetelemetry.LogPatternCounter;
import io.nodetelemetry.internal.log.LogDecoder;
import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.LogLevel;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Lines of logs that a core reads in a second, under the options of the distribution. An operation is a line. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:C1MaxInlineSize=60",
            "-XX:C1InlineStackLimit=14"
        })
public class LogBenchmark {
    /** Whose lines. */
    @Param
    public LogText text = LogText.HDFS;

    private final LogLineReader reader = new LogLineReader();
    private final LogPatternCounter warnings = new LogPatternCounter(LogLevel.WARNING, 256);
    private final LogPatternCounter everything = new LogPatternCounter(LogLevel.UNKNOWN, 256);
    private final LogDecoder docker = decoder(ContainerLogFile.Format.DOCKER_JSON);
    private final LogDecoder cri = decoder(ContainerLogFile.Format.CRI);
    private byte[] plainLines = {};
    private byte[] dockerLines = {};
    private byte[] criLines = {};
    private int[] plainEnds = {};
    private int[] dockerEnds = {};
    private int[] criEnds = {};

    private LogDecoder decoder(ContainerLogFile.Format format) {
        return LogDecoder.of(format, (stream, line, from, to) -> warnings.line(line, from, to));
    }

    /** Makes the lines. */
    @Setup
    public void fill() {
        plainLines = text.bytes(LogText.Wrapping.NONE);
        dockerLines = text.bytes(LogText.Wrapping.DOCKER);
        criLines = text.bytes(LogText.Wrapping.CRI);
        plainEnds = ends(plainLines);
        dockerEnds = ends(dockerLines);
        criEnds = ends(criLines);
        count(warnings);
        decode(docker, dockerLines, dockerEnds);
        decode(cri, criLines, criEnds);
        if (docker.undecodable() + cri.undecodable() > 0 || warnings.lines() != 3 * LogText.LINES) {
            throw new IllegalStateException("3 times " + LogText.LINES + " lines came as " + warnings.lines());
        }
    }

    private static int[] ends(byte[] bytes) {
        return IntStream.range(0, bytes.length).filter(i -> bytes[i] == '\n').toArray();
    }

    /** The level alone. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void level(Blackhole hole) {
        int from = 0;
        for (int end : plainEnds) {
            reader.read(plainLines, from, end);
            hole.consume(reader.level());
            from = end + 1;
        }
    }

    /** The level, and the hash of the pattern. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void pattern(Blackhole hole) {
        int from = 0;
        for (int end : plainEnds) {
            reader.read(plainLines, from, end);
            hole.consume(reader.level());
            hole.consume(reader.hashLow());
            from = end + 1;
        }
    }

    /** From lines to counts: joined to messages, patterns of warnings and above, as by default. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void countWarnings() {
        count(warnings);
    }

    /** From lines to counts: joined to messages, patterns of all levels. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void countEverything() {
        count(everything);
    }

    /** From lines of a json-file of Docker to counts, patterns as by default. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void dockerWarnings() {
        decode(docker, dockerLines, dockerEnds);
    }

    /** From lines of a log file of the CRI to counts, patterns as by default. */
    @Benchmark
    @OperationsPerInvocation(LogText.LINES)
    public void criWarnings() {
        decode(cri, criLines, criEnds);
    }

    private void count(LogPatternCounter counter) {
        int from = 0;
        for (int end : plainEnds) {
            counter.line(plainLines, from, end);
            from = end + 1;
        }
    }

    private static void decode(LogDecoder decoder, byte[] bytes, int[] ends) {
        int from = 0;
        for (int end : ends) {
            decoder.line(bytes, from, end, false);
            from = end + 1;
        }
    }
}
