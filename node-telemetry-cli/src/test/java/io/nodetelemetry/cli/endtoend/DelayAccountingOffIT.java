package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is said of a kernel that does not account I/O delays, as is the default. */
@RequiresKernel
class DelayAccountingOffIT {
    private static final Path ACCOUNTING = Path.of("/proc/sys/kernel/task_delayacct");

    @Test
    void aWarningAndAMetricSaySoAndTheSwitchIsLeftAlone() throws IOException {
        String before = Files.readString(ACCOUNTING);
        Files.writeString(ACCOUNTING, "0");
        try (AgentProcess agent = AgentProcess.start()) {
            Eventually.within(
                    Duration.ofSeconds(60),
                    () -> assertThat(agent.scrape().value("node_telemetry_delay_accounting_enabled"))
                            .hasValue(0));
            assertThat(agent.err()).containsOnlyOnce("sysctl -w kernel.task_delayacct=1");
            assertThat(Files.readString(ACCOUNTING)).isEqualToIgnoringWhitespace("0");
        } finally {
            Files.writeString(ACCOUNTING, before);
        }
    }
}
