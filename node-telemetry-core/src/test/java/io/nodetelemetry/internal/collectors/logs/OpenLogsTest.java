package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenLogsTest {
    private static final long SECOND = 1_000_000_000L;

    private final OpenLogs logs = new OpenLogs();
    private int ended;
    private final OpenLogs.Log log = new OpenLogs.Log(() -> ended++);

    @Test
    void logEndsWhenNothingCameForASecond() {
        logs.wrote(log);
        logs.wrote(log);
        logs.look(SECOND);
        assertThat(logs.nanosToSilence(SECOND + 300)).hasValue(SECOND - 300);
        logs.look(2 * SECOND - 1);
        assertThat(ended).isZero();
        logs.look(2 * SECOND);
        assertThat(ended).isEqualTo(1);
        assertThat(logs.nanosToSilence(2 * SECOND)).isEmpty();
        logs.look(9 * SECOND);
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void whatComesMeanwhileKeepsItOpen() {
        for (int i = 1; i < 100; i++) {
            logs.wrote(log);
            logs.look(i * SECOND / 2);
        }
        assertThat(ended).isZero();
        logs.look(100 * SECOND);
        logs.wrote(log);
        logs.look(101 * SECOND);
        logs.look(102 * SECOND);
        assertThat(ended).isEqualTo(2);
    }

    @Test
    void changesAreToldOnce() {
        assertThat(logs.takeChanged()).isFalse();
        logs.wrote(log);
        assertThat(logs.takeChanged()).isTrue();
        assertThat(logs.takeChanged()).isFalse();
        logs.look(SECOND);
        assertThat(logs.takeChanged()).isFalse();
        logs.look(2 * SECOND);
        assertThat(logs.takeChanged()).isTrue();
    }
}
