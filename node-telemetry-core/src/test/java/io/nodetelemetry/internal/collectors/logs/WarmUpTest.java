package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
    @Test
    void losesNothingAndLeavesNothingToDo() throws Exception {
        try (LogTail files = LogFilesTail.open()) {
            WarmUp.run(files);

            assertThat(files.read()).isFalse();
            assertThat(files.drops().values()).containsOnly(0L);
            assertThat(files.degraded()).isEmpty();
        }
    }
}
