package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageCountsTest {
    private static MessageCounts counts(LogLevel lowest, boolean mask, int maxSample) {
        return new MessageCounts(
                new MessageCounts.Rules(lowest, mask, maxSample), new LogLineReader(), new PatternRoom(10));
    }

    private static void count(MessageCounts counts, String text, LogLevel otherwise) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        counts.count(bytes, bytes.length, bytes, bytes.length, otherwise);
    }

    @Test
    void whatTheTextSaysGoesBeforeWhatOthersSay() {
        MessageCounts counts = counts(LogLevel.WARNING, true, 100);
        count(counts, "INFO begun", LogLevel.ERROR);
        count(counts, "disk is full", LogLevel.ERROR);
        count(counts, "disk is full", LogLevel.UNKNOWN);

        assertThat(counts.below().toMap()).isEqualTo(Map.of(LogLevel.INFO, 1L, LogLevel.UNKNOWN, 1L));
        assertThat(counts.patterns().size()).isEqualTo(1);
        assertThat(counts.patterns().entry(0).level()).isEqualTo(LogLevel.ERROR);
    }

    @Test
    void lowestLevelMayBeAnyOne() {
        MessageCounts all = counts(LogLevel.UNKNOWN, true, 100);
        count(all, "begun", LogLevel.UNKNOWN);
        assertThat(all.below().sum()).isZero();
        assertThat(all.patterns().size()).isEqualTo(1);

        MessageCounts gravest = counts(LogLevel.CRITICAL, true, 100);
        count(gravest, "ERROR begun", LogLevel.UNKNOWN);
        assertThat(gravest.below().toMap()).isEqualTo(Map.of(LogLevel.ERROR, 1L));
    }

    @Test
    void messageWithoutAnyWordCounts() {
        MessageCounts counts = counts(LogLevel.WARNING, true, 100);
        count(counts, "", LogLevel.ERROR);
        count(counts, " ", LogLevel.ERROR);

        assertThat(counts.patterns().entry(0).count()).isEqualTo(2);
        assertThat(counts.patterns().entry(0).pattern()).isEmpty();
    }

    @Test
    void sampleIsTheFirstMessageWithoutItsSecrets() {
        String text = "ERROR login of bob failed, password=hunter2";
        MessageCounts masked = counts(LogLevel.WARNING, true, 100);
        count(masked, text, LogLevel.UNKNOWN);
        MessageCounts shown = counts(LogLevel.WARNING, false, 100);
        count(shown, text, LogLevel.UNKNOWN);

        assertThat(masked.patterns().entry(0).sample())
                .startsWith("ERROR login")
                .doesNotContain("hunter2");
        assertThat(shown.patterns().entry(0).sample()).isEqualTo(text);
    }

    @Test
    void sampleIsCutBetweenCharacters() {
        MessageCounts counts = counts(LogLevel.WARNING, true, 16);
        count(counts, "ERROR 123456789\uD83D\uDE00 and more", LogLevel.UNKNOWN);

        assertThat(counts.patterns().entry(0).sample()).isEqualTo("ERROR 123456789");
    }
}
