package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlainLogDecoderTest {
    private final RecordedLines recorded = new RecordedLines();
    private final LogDecoder decoder = LogDecoder.plain(recorded);

    @Test
    void linesStayAsTheyAre() {
        RecordedLines.give(decoder, "one", false);
        RecordedLines.give(decoder, "", false);
        RecordedLines.give(decoder, "{\"log\":\"two\"}\r", false);
        RecordedLines.give(decoder, "x".repeat(100_000), true);
        decoder.end();
        assertThat(recorded.lines)
                .containsExactly("OUT one", "OUT ", "OUT {\"log\":\"two\"}", "OUT " + "x".repeat(LogDecoder.MAX_LINE));
        assertThat(decoder.undecodable()).isZero();
    }

    @Test
    void nulsInFrontAreNoText() {
        RecordedLines.give(decoder, "\u0000".repeat(9_000) + "text", false);
        RecordedLines.give(decoder, "\u0000", false);
        RecordedLines.give(decoder, "a\u0000b", false);
        assertThat(recorded.lines).containsExactly("OUT text", "OUT a\u0000b");
        assertThat(decoder.undecodable()).isEqualTo(2);
    }
}
