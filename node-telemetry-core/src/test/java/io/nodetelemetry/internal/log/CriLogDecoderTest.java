package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CriLogDecoderTest {
    private static final String TIME = "2026-11-22T15:02:10.404377287Z ";

    private final RecordedLines recorded = new RecordedLines();
    private final LogDecoder decoder = LogDecoder.of(Format.CRI, recorded);

    private void give(String line) {
        RecordedLines.give(decoder, line, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "2026-11-22T15:02:10.404377287Z stdout F a line|OUT a line",
                "2026-11-22T15:02:10.404377287+00:00 stderr F   indented|ERR   indented",
                "2026-11-22T15:02:10Z stdout F:tag:other text|OUT text",
                "2026-11-22T15:02:10Z stdout F 2026-11-22T15:02:10Z stderr P x|OUT 2026-11-22T15:02:10Z stderr P x",
                "2026-11-22T15:02:10Z stdout F \u0000\u65e5\u672c|OUT \u0000\u65e5\u672c",
            })
    void theLineIsWhatTheContainerWrote(String line, String text) {
        give(line);
        assertThat(recorded.lines).containsExactly(text);
        assertThat(decoder.undecodable()).isZero();
    }

    @Test
    void emptyLinesAndThoseOfTerminalsAreLines() {
        give("2026-11-22T15:02:10Z stdout F ");
        give("2026-11-22T15:02:10Z stderr F");
        give("2026-11-22T15:02:10.4-07:30 stdout F of a terminal\r");
        assertThat(recorded.lines).containsExactly("OUT ", "ERR ", "OUT of a terminal");
    }

    @Test
    void partsAreJoinedByStream() {
        give(TIME + "stdout P one ");
        give(TIME + "stderr P:x a");
        give(TIME + "stdout P two ");
        give(TIME + "stderr F b");
        give(TIME + "stdout F three\r");
        give(TIME + "stdout P last");
        assertThat(recorded.lines).containsExactly("ERR ab", "OUT one two three");
        decoder.end();
        give(TIME + "stdout F next");
        assertThat(recorded.lines).containsExactly("ERR ab", "OUT one two three", "OUT last", "OUT next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "2026-11-22T15:02:1",
                "2026-11-22T15:02:10Z",
                "2026-11-22T15:02:10Z ",
                "2026-11-22T15:02:10Z stdout",
                "2026-11-22T15:02:10Z stdout ",
                "2026-11-22T15:02:10Z stdout  text",
                "2026-11-22T15:02:10Z stdout X text",
                "2026-11-22T15:02:10Z stdout Full text",
                "2026-11-22T15:02:10Z stdin F text",
                "2026-11-22T15:02:10Z  stdout F text",
                "2026-11-22 15:02:10Z stdout F text",
                "2026-11-22T15:02:10Zaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa stdout F text",
                "stdout F text",
                "{\"log\":\"text\\n\",\"stream\":\"stdout\",\"time\":\"\"}",
                "\u0000\u0000\u0000",
            })
    void whatIsNoLineOfThisFormatIsCounted(String line) {
        give(line);
        assertThat(recorded.lines).isEmpty();
        assertThat(decoder.undecodable()).isEqualTo(1);
        give(TIME + "stdout F next");
        assertThat(recorded.lines).containsExactly("OUT next");
    }

    @Test
    void aLineBehindNulsIsFound() {
        give("\u0000".repeat(4_000) + TIME + "stdout F next");
        assertThat(recorded.lines).containsExactly("OUT next");
        assertThat(decoder.undecodable()).isEqualTo(1);
    }

    @Test
    void aLineHasABound() {
        String part = "x".repeat(16 * 1024);
        for (int i = 0; i < 100; i++) {
            give(TIME + "stdout P " + part);
        }
        give(TIME + "stdout F " + part);
        RecordedLines.give(decoder, TIME + "stderr F " + "y".repeat(100_000), true);
        give(TIME + "stdout F short");
        assertThat(recorded.lines)
                .containsExactly("OUT " + part.repeat(4), "ERR " + "y".repeat(LogDecoder.MAX_LINE), "OUT short");
    }
}
