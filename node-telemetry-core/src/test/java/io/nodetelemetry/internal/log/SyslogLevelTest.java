package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SyslogLevelTest {
    @ParameterizedTest
    @CsvSource({
        "0, CRITICAL",
        "1, CRITICAL",
        "2, CRITICAL",
        "3, ERROR",
        "4, WARNING",
        "5, INFO",
        "6, INFO",
        "7, DEBUG",
        "34, CRITICAL",
        "165, INFO",
        "191, DEBUG",
        "192, UNKNOWN",
        "-1, UNKNOWN",
        "2147483647, UNKNOWN"
    })
    void theLowerThreeBitsAreTheSeverity(int severity, String level) {
        assertThat(SyslogLevel.of(severity)).hasToString(level);
    }
}
