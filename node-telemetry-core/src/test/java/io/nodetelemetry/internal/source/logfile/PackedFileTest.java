package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.testing.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackedFileTest {
    @TempDir
    private Path directory = Path.of("");

    private final Bench bench = new Bench(SteppedLogFiles.LIMITS, () -> 0);

    private PackedFile open(Path path) throws Exception {
        try (Fd found = bench.access.find(path.toString())) {
            return new PackedFile(bench, bench.open(found));
        }
    }

    /** The header of gzip(1) has a name and a time. */
    @Test
    void linesOfWhatGzipPackedAreReadOnceWhateverTheBudget() throws Exception {
        Path plain = directory.resolve("app.log.1");
        String line = "a line of some length that repeats, number ";
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            all.append(line).append(i).append('\n');
        }
        Files.writeString(plain, all + "unfinished");
        Command.run(List.of("gzip", plain.toString())).succeeded();
        ReadLines lines = new ReadLines();

        try (PackedFile file = open(directory.resolve("app.log.1.gz"))) {
            byte[] start = new byte[100];
            assertThat(file.start(start)).isEqualTo(start.length);
            assertThat(new String(start, UTF_8)).isEqualTo(all.substring(0, start.length));
            int turns = 1;
            while (file.read(1 << 16, lines)) {
                turns++;
            }
            file.end(lines);
            assertThat(turns).isEqualTo(1 + all.length() / (1 << 16));
        }
        assertThat(lines.lines).hasSize(20_001).startsWith(line + 0).endsWith(line + 19_999, "unfinished");
        assertThat(bench.descriptors()).isZero();
    }

    /** Damaged anywhere, cut anywhere, or no packed file at all: it is read so far, and that is said. */
    @Test
    void whateverItHoldsReadingEnds() throws Exception {
        Random random = new Random(7);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 200; i++) {
                out.write(("line " + random.nextLong() + "\n").getBytes(UTF_8));
            }
        }
        byte[] whole = packed.toByteArray();
        Path path = directory.resolve("any.gz");
        int ended = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = 0; k < i % 3 && bytes.length > 0; k++) {
                bytes[random.nextInt(Math.min(bytes.length, i % 2 == 0 ? 30 : bytes.length))] = (byte) random.nextInt();
            }
            Files.write(path, bytes);
            ReadLines lines = new ReadLines();
            try (PackedFile file = open(path)) {
                int length = file.start(new byte[FileStart.MAX_BYTES]);
                assertThat(length).isBetween(0, FileStart.MAX_BYTES);
                while (file.read(1 << 16, lines)) {
                    // There is more.
                }
                ended++;
            } catch (IOException e) {
                assertThat(bytes).isNotEqualTo(whole);
            }
            assertThat(bench.descriptors()).isZero();
        }
        assertThat(ended).isPositive();
    }
}
