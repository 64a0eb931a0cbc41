package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static final int MAX = 1_000;

    private final Bench bench = new Bench(new LogFileLimits(1, 1, 2, 1, MAX, 2_000), System::nanoTime);
    private final LineSplitter splitter = new LineSplitter(bench);
    private final ReadLines read = new ReadLines();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aLineIsGivenWhenItIsFinished() {
        take("first\nsec");
        take("ond\n\nlast");
        assertThat(read.lines).containsExactly("first", "second", "");
        splitter.end(read);

        assertThat(read.lines).containsExactly("first", "second", "", "last");
        assertThat(read.cut).isEmpty();
    }

    @Test
    void ofALongLineTheBeginningIsGivenOnce() {
        String line = "x".repeat(MAX);
        take(line);
        assertThat(read.lines).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            take(line);
        }
        take("end\nnext\n" + line + "y\n" + line + "\n");

        assertThat(read.lines).containsExactly(line, "next", line, line);
        assertThat(read.cut).containsExactly(0, 2);
    }

    @Test
    void nulsBeforeALineArePassedOver() {
        take("\0".repeat(3 * MAX));
        take("\0\0line\n\0\nb\0c\n");
        splitter.end(read);

        assertThat(read.lines).containsExactly("line", "", "b\0c");
    }

    @Test
    void whatThereIsNoRoomForIsCounted() {
        read.room = 2;
        take("1\n2\n3\n4\nunfinished");
        read.room = 0;
        take("\n" + "x".repeat(2 * MAX));
        take("rest\n");
        splitter.end(read);

        assertThat(read.lines).containsExactly("1", "2");
        assertThat(read.skipped).isEqualTo(4);
    }

    @Test
    void beginningsOfLinesTakeNoMoreMemoryThanTheyMay() {
        List<ReadLines> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ReadLines own = new ReadLines();
            all.add(own);
            put("x".repeat(900));
            new LineSplitter(bench).take(900, own);
        }

        assertThat(all).extracting(own -> own.lines.size()).containsExactly(0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(bench.losses()).containsEntry("unfinished_limit", 8L);
    }

    @Test
    void anyBytesInAnyPartsAreTheSameLines() {
        Random random = new Random(20_261_123);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(3_000)];
            random.nextBytes(bytes);
            for (int i = random.nextInt(60); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = '\n';
            }
            ReadLines whole = new ReadLines();
            LineSplitter one = new LineSplitter(bench);
            System.arraycopy(bytes, 0, bench.buffer, bench.dataAt, bytes.length);
            one.take(bytes.length, whole);
            one.end(whole);
            ReadLines parts = new ReadLines();
            LineSplitter many = new LineSplitter(bench);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
                System.arraycopy(bytes, at, bench.buffer, bench.dataAt, length);
                many.take(length, parts);
                at += length;
            }
            many.end(parts);

            assertThat(parts.lines).isEqualTo(whole.lines);
            assertThat(parts.cut).isEqualTo(whole.cut);
        }
    }

    private void take(String text) {
        put(text);
        splitter.take(text.getBytes(UTF_8).length, read);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, bench.buffer, bench.dataAt, bytes.length);
    }
}
