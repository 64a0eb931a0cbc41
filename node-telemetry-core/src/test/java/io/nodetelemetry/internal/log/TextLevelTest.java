package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLevelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "2024-01-31 10:00:00,123 [main] DEBUG a.b.C - x | DEBUG",
                "2024-01-31T10:00:00Z INF started | INFO",
                "[notice] 12#12: start | INFO",
                "<warn> x | WARNING",
                "time=10:00 level=warning text | WARNING",
                "~10:00:00|ERROR|x~ | ERROR",
                "2024-01-31 10:00:00 UTC [7] FATAL:  no | CRITICAL",
                "panic: runtime error | CRITICAL",
                "W0131 10:00:00.000001 1 a.go:5] x | WARNING",
                "F0131 10:00:00.000001 1 a.go:5] x | CRITICAL",
                "I01311 x | UNKNOWN",
                "X0131 x | UNKNOWN",
                "7:M 31 Jan 10:00:00.001 # full | WARNING",
                "7:M 31 Jan 2024 10:00:00.001 * fine | INFO",
                "7:M 31 Jan 2024 10:00:00.001 - fine | INFO",
                "7:M 31 Jan 2024 10:00:00.001 . fine | DEBUG",
                "a b c d # e | UNKNOWN",
                "one two three four five six seven error | UNKNOWN",
                "warnings.warn about | WARNING",
                "informed terror | UNKNOWN",
                "~~ | UNKNOWN",
            })
    void theFirstWordThatNamesALevelDecides(String line, String level) {
        assertThat(level(line)).isEqualTo(level);
    }

    @Test
    void onlyTheBeginningCounts() {
        assertThat(level("x".repeat(249) + " error")).isEqualTo("ERROR");
        assertThat(level("x".repeat(252) + " error")).isEqualTo("UNKNOWN");
    }

    private static String level(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return TextLevel.of(bytes, 0, bytes.length).name();
    }
}
