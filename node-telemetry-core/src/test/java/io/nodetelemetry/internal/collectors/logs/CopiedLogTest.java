package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CopiedLogTest {
    @ParameterizedTest
    @CsvSource({
        "/var/log/app.log.1,/var/log/app.log",
        "/var/log/app.log.12,/var/log/app.log",
        "/var/log/app.log-20260101,/var/log/app.log",
        "/var/log/app.log-20260101-1767225600,/var/log/app.log",
        "/var/log/app.log.20260101T120000,/var/log/app.log",
        "/var/log/d/messages.old,/var/log/d/messages"
    })
    void copyIsNamedAfterItsLog(String path, String original) {
        assertThat(CopiedLog.original(path)).contains(original);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/log/app.log",
                "/var/log/app-2.log",
                "/var/log/app.log.1234",
                "/var/log/a.20260101/app",
                "/var/log/.1",
                "/var/log/app.1.log"
            })
    void otherNamesAreNoCopies(String path) {
        assertThat(CopiedLog.original(path)).isEmpty();
        assertThat(CopiedLog.isPacked(path)).isFalse();
    }

    @Test
    void packedIsToldByTheLastPartOfTheName() {
        assertThat(CopiedLog.isPacked("/var/log/app.log.2.gz")).isTrue();
        assertThat(CopiedLog.isPacked("/var/log/app.zst")).isTrue();
        assertThat(CopiedLog.isPacked("/var/log/app.gz.log")).isFalse();
    }
}
