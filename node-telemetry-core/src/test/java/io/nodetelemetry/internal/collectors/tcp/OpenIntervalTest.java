package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OpenIntervalTest {
    @Test
    void aLongWalkIsMadeSeldom() {
        assertThat(OpenInterval.afterWalkOf(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(OpenInterval.afterWalkOf(Duration.ofMillis(100))).isEqualTo(Duration.ofSeconds(5));
        assertThat(OpenInterval.afterWalkOf(Duration.ofMillis(240))).isEqualTo(Duration.ofSeconds(12));
        assertThat(OpenInterval.afterWalkOf(Duration.ofSeconds(2))).isEqualTo(Duration.ofMinutes(1));
    }
}
