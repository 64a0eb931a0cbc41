package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile.Format;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogDecoderPropertyTest {
    private static final int MEGABYTE = 1024 * 1024;
    private static final String[] PIECES = {
        "{\"log\":\"",
        "\\n",
        "\"",
        ",",
        "\"stream\":\"stdout\"",
        "\"stream\":\"stderr\"",
        "\"time\":\"\"",
        "}",
        "{",
        "[",
        "]",
        "\\",
        "\\u00",
        "\\ud83d",
        "\\ude00",
        "\0",
        "2026-11-22T15:02:10Z ",
        "stdout ",
        "stderr ",
        "F ",
        "P ",
        "P:",
        ":",
        " ",
        "\r",
        "text",
        "\u00e9",
        "\ud83d\ude00"
    };

    private static LogDecoder decoder(String kind, StreamLines lines) {
        return kind.equals("plain") ? LogDecoder.plain(lines) : LogDecoder.of(Format.valueOf(kind), lines);
    }

    private final Random random = new Random(11);

    @ParameterizedTest
    @ValueSource(strings = {"DOCKER_JSON", "CRI", "plain"})
    void anyBytesAreLinesOrCounted(String kind) {
        long[] given = new long[2];
        LogDecoder decoder = decoder(kind, (stream, text, from, to) -> {
            given[0]++;
            given[1] = Math.max(given[1], to - from);
        });
        for (int i = 0; i < 100_000; i++) {
            long before = given[0] + decoder.undecodable();
            byte[] line = i % 4 == 0 ? bytes(random.nextInt(80)) : pieces(random.nextInt(12));
            decoder.line(line, 0, line.length, random.nextInt(8) == 0);
            decoder.end();
            assertThat(given[0] + decoder.undecodable()).isGreaterThan(before);
        }
        assertThat(given[1]).isPositive().isLessThanOrEqualTo(LogDecoder.MAX_LINE);
    }

    @Test
    void whateverAContainerWritesComesBackFromDocker() {
        for (int i = 0; i < 20_000; i++) {
            List<String> expected = new ArrayList<>();
            RecordedLines recorded = new RecordedLines();
            LogDecoder decoder = LogDecoder.of(Format.DOCKER_JSON, recorded);
            for (int k = 0; k < 3; k++) {
                String text = text();
                boolean err = random.nextBoolean();
                expected.add((err ? "ERR " : "OUT ") + text);
                int middle = random.nextInt(text.length() + 1);
                if (middle > 0 && middle < text.length() && Character.isLowSurrogate(text.charAt(middle))) {
                    middle--;
                }
                docker(decoder, text.substring(0, middle), err);
                docker(decoder, text.substring(middle) + "\n", err);
            }
            assertThat(recorded.lines).isEqualTo(expected);
            assertThat(decoder.undecodable()).isZero();
        }
    }

    private void docker(LogDecoder decoder, String text, boolean err) {
        StringBuilder json = new StringBuilder("{\"log\":\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> json.append("\\n");
                case '"', '\\' -> json.append('\\').append(c);
                default -> {
                    if (c < ' ' || (random.nextInt(8) == 0 && !Character.isSurrogate(c))) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append("\",\"stream\":\"").append(err ? "stderr" : "stdout").append("\",\"time\":\"\"}");
        RecordedLines.give(decoder, json.toString(), false);
    }

    private String text() {
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)].replace("\r", "r"));
        }
        return text.toString();
    }

    /** At a time per byte that grows with the length, these would take hours. */
    @ParameterizedTest
    @ValueSource(strings = {"DOCKER_JSON", "CRI", "plain"})
    void tenMegabytesTakeTheirShareOfTimeAndNoMore(String kind) {
        LogDecoder decoder = decoder(kind, (stream, text, from, to) -> {});
        for (String piece : new String[] {"x", "\0", "\\", "\"", "{", "{\"log\":\"", "\\n", "\\ud83d", "P "}) {
            String unit = piece.repeat(10 * MEGABYTE / piece.getBytes(StandardCharsets.UTF_8).length);
            for (String begin : new String[] {"", "{\"log\":\"", "{\"x\":", "2026-11-22T15:02:10Z stdout P "}) {
                byte[] line = (begin + unit).getBytes(StandardCharsets.UTF_8);
                long start = System.nanoTime();
                decoder.line(line, 0, line.length, true);
                decoder.line(line, 0, line.length, false);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] pieces(int count) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            line.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }
}
