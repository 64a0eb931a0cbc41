package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {
    @Test
    void linesEndWithALineFeedOrTheStream() throws IOException {
        assertThat(lines("", 9)).isEmpty();
        assertThat(lines("a", 9)).containsExactly("a");
        assertThat(lines("a\n", 9)).containsExactly("a");
        assertThat(lines("a\r\n\n\rb\r\n", 9)).containsExactly("a", "", "\rb");
    }

    @Test
    void itDoesNotMatterHowTheBytesCome() throws IOException {
        String text = "one\ntwo\n\nthree\nfour";
        for (int chunk = 1; chunk < 20; chunk++) {
            assertThat(lines(text, chunk)).containsExactly("one", "two", "", "three", "four");
        }
    }

    @Test
    void longLinesAreCut() throws IOException {
        String longest = "x".repeat(LineSource.MAX_LINE);
        for (int chunk : new int[] {1000, 1 << 20}) {
            assertThat(lines(longest + "\n" + longest + "y\n" + longest + longest + longest + longest + "\nz", chunk))
                    .containsExactly(longest, longest, longest, "z");
        }
    }

    private static List<String> lines(String text, int chunk) throws IOException {
        LineSource source = new LineSource(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, chunk));
            }
        });
        List<String> lines = new ArrayList<>();
        while (source.next()) {
            lines.add(
                    new String(source.buffer(), source.start(), source.end() - source.start(), StandardCharsets.UTF_8));
        }
        return lines;
    }
}
