package io.nodetelemetry.benchmarks;

import io.nodetelemetry.internal.source.journal.JournalEntries;
import io.nodetelemetry.internal.source.journal.JournalEntry;
import io.nodetelemetry.internal.source.journal.JournalReader;
import io.nodetelemetry.internal.source.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Entries of the journal that a core reads in a second, under the options of the distribution. An operation is an entry. */
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
public class JournalBenchmark {
    private static final int ENTRIES = 100_000;

    private Path root = Path.of("");
    private Path journal = Path.of("");

    /** Writes a journal into a folder of its own. */
    @Setup
    public void write() throws IOException {
        root = Files.createTempDirectory("journal-benchmark");
        Path directory = Files.createDirectories(root.resolve("0123456789abcdef0123456789abcdef"));
        journal = directory.resolve("system.journal");
        JournalText.write(journal, ENTRIES);
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        Files.delete(journal);
        Files.delete(journal.getParent());
        Files.delete(root);
    }

    /** Message, cgroup, unit and level of each entry, by pread(2) from the page cache. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void read(Blackhole hole) {
        JournalSettings.Home home = new JournalSettings.Home(root.resolve("none"), root);
        Count count = new Count(hole);
        try (JournalReader reader =
                JournalReader.open(new JournalSettings(List.of(home), root.resolve("none"), true))) {
            boolean more = true;
            while (more) {
                more = reader.read(count);
            }
        }
        if (count.entries != ENTRIES) {
            throw new IllegalStateException("%d entries of %d were read".formatted(count.entries, ENTRIES));
        }
    }

    private static final class Count implements JournalEntries {
        private final Blackhole hole;
        private int entries;

        private Count(Blackhole hole) {
            this.hole = hole;
        }

        @Override
        public int room() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void entry(JournalEntry entry) {
            entries++;
            hole.consume(entry.cgroup());
            hole.consume(entry.unit());
            hole.consume(entry.priority());
            hole.consume(entry.messageTo() - entry.messageFrom());
        }

        @Override
        public void skipped(long skipped) {
            throw new IllegalStateException("there is room for all");
        }
    }
}
