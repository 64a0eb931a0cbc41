package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DockerLogDecoderTest {
    private static final String TIME = "\"time\":\"2026-11-23T13:12:00.123456789Z\"}";

    private final RecordedLines recorded = new RecordedLines();
    private final LogDecoder decoder = LogDecoder.of(Format.DOCKER_JSON, recorded);

    private static String record(String log, String stream) {
        return "{\"log\":\"" + log + "\",\"stream\":\"" + stream + "\"," + TIME;
    }

    private void give(String line) {
        RecordedLines.give(decoder, line, false);
    }

    private void out(String log) {
        give(record(log, "stdout"));
    }

    private void err(String log) {
        give(record(log, "stderr"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain\\n | plain",
                "\\n | ~~",
                "of a terminal\\r\\n | of a terminal",
                "said \\\"yes\\\"\\tto C:\\\\n\\n | said \"yes\"\tto C:\\n",
                "ends with a backslash\\\\\\n | ends with a backslash\\",
                "\\u003ca\\u0026b\\u003e\\n | <a&b>",
                "separator\\u2028here\\n | separator\u2028here",
                "\\ud83d\\ude00 \\u00e9\\n | \ud83d\ude00 \u00e9",
                "half \\ud83d\\n | half \ufffd",
                "half \\ude00\\ud83d of\\n | half \ufffd\ufffd of",
                "no \\q escape \\u12 \\u00g0\\n | no q escape u12 u00g0",
                "\u65e5\u672c \ud83d\ude00\\n | \u65e5\u672c \ud83d\ude00",
                "bell \\u0007\\b\\fx\\n | bell \u0007\b\fx",
            })
    void theLineIsWhatTheContainerWrote(String log, String line) {
        out(log);
        err(log);
        assertThat(recorded.lines).containsExactly("OUT " + line, "ERR " + line);
        assertThat(decoder.undecodable()).isZero();
    }

    @Test
    void partsAreJoinedByStream() {
        out("one ");
        err("a \\u00e9");
        out("tw\\u006f ");
        out("three\\n");
        assertThat(recorded.lines).containsExactly("OUT one two three");
        err(" b\\r\\n");
        out("four\\n");
        assertThat(recorded.lines).containsExactly("OUT one two three", "ERR a \u00e9 b", "OUT four");
    }

    @Test
    void whatHasNoEndGoesOnWhenNothingFollows() {
        out("prompt");
        err("other");
        assertThat(recorded.lines).isEmpty();
        decoder.end();
        decoder.end();
        assertThat(recorded.lines).containsExactly("OUT prompt", "ERR other");
    }

    @Test
    void severalLinesInOneRecordAreSeveral() {
        out("one\\ntwo\\n\\nthr");
        out("ee\\nfour\\n");
        assertThat(recorded.lines).containsExactly("OUT one", "OUT two", "OUT ", "OUT three", "OUT four");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"log\":\"text\\n\",\"stream\":\"stderr\",\"attrs\":{\"log\":\"no\",\"tag\":\"a}\\\"b\"}," + TIME,
                "{\"stream\":\"stderr\",\"time\":\"\",\"log\":\"text\\n\"}",
                " { \"time\" : null , \"n\" : [ { \"log\" : \"no\" } ] , \"stream\" : \"stderr\" , \"log\" : \"text\\n\" } ",
                "{\"log\":\"text\\n\",\"stream\":\"stderr\",\"time\":\"\",\"x\":1.5e3}\r",
                "{\"log\":\"text\\n\",\"stream\":\"stderr\"}",
            })
    void theOrderOfMembersDoesNotMatter(String line) {
        give(line);
        assertThat(recorded.lines).containsExactly("ERR text");
        assertThat(decoder.undecodable()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "{",
                "{}",
                "{\"log\":\"",
                "{\"log\":\"half",
                "{\"log\":\"half\\",
                "{\"log\":\"half\\n\",\"stream\":\"stdout\",\"time\":\"2026",
                "{\"log\":\"half\\n\",\"stream\":\"stdout\",",
                "{\"log\":\"half\\n\",\"stream\"",
                "{\"log\":5,\"stream\":\"stdout\"}",
                "{\"stream\":\"stdout\"}",
                "{\"log\":\"text\\n\"} and more",
                "[{\"log\":\"text\\n\"}]",
                "\u0000\u0000\u0000",
                "2026-11-23T13:12:00Z stdout F text",
            })
    void whatIsNoRecordIsCounted(String line) {
        give(line);
        assertThat(recorded.lines).isEmpty();
        assertThat(decoder.undecodable()).isEqualTo(1);
        out("next\\n");
        assertThat(recorded.lines).containsExactly("OUT next");
    }

    @Test
    void aRecordBehindHalfAnotherIsFound() {
        String next = record("next\\n", "stderr");
        String half = record("half \\\"{\\\\\\\"log\\n", "stdout");
        for (int length = 1; length < half.length(); length++) {
            give(half.substring(0, length) + next);
        }
        assertThat(recorded.lines).hasSize(half.length() - 1).containsOnly("ERR next");
        assertThat(decoder.undecodable()).isEqualTo(half.length() - 1);
    }

    @Test
    void aRecordBehindNulsIsFound() {
        give("\u0000".repeat(4_000) + record("next\\n", "stdout"));
        assertThat(recorded.lines).containsExactly("OUT next");
        assertThat(decoder.undecodable()).isEqualTo(1);
    }

    @Test
    void whatTheReaderCutIsALine() {
        RecordedLines.give(decoder, "{\"log\":\"a \\\"long\\\" li", true);
        err("part ");
        RecordedLines.give(decoder, "{\"log\":\"and a long\\u00", true);
        RecordedLines.give(decoder, "{\"log\":\"whole\\n\",\"stream\":\"stderr\",\"attrs\":{\"x\":\"aaa", true);
        RecordedLines.give(decoder, "{\"attrs\":{\"x\":\"aaa", true);
        assertThat(recorded.lines).containsExactly("OUT a \"long\" li", "ERR part and a longu00", "ERR whole");
        assertThat(decoder.undecodable()).isEqualTo(1);
    }

    @Test
    void aLineHasABound() {
        String part = "x".repeat(16 * 1024);
        for (int i = 0; i < 100; i++) {
            out(part);
            err(part.substring(2) + "\\\"");
        }
        out("end\\n");
        err("\\\"end\\n");
        out("y".repeat(100_000) + "\\n");
        out("short\\n");
        err("short\\n");
        assertThat(recorded.lines)
                .containsExactly(
                        "OUT " + part.repeat(4),
                        "ERR " + (part.substring(2) + "\"").repeat(5).substring(0, LogDecoder.MAX_LINE),
                        "OUT " + "y".repeat(LogDecoder.MAX_LINE),
                        "OUT short",
                        "ERR short");
    }
}
