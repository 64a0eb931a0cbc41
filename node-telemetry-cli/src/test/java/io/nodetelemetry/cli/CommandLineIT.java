package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The launcher of the distribution in a process of its own, as far as no privilege is needed. */
class CommandLineIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void anUnknownFlagEndsWithTwo() {
        assertEnds(Map.of(), 2, "node-telemetry: unknown flag '--lisen=:1'; did you mean '--listen'?", "--lisen=:1");
    }

    @Test
    void aBadNetworkEndsWithTwo() {
        assertEnds(
                Map.of("TRACK_PUBLIC_NETWORK", "8.8.8.0/33"),
                2,
                "node-telemetry: environment variable TRACK_PUBLIC_NETWORK: '8.8.8.0/33': the prefix length must be 0 to 32");
    }

    @Test
    void versionEndsWithZero() {
        assertEnds(Map.of(), 0, "node-telemetry ", "--version");
    }

    @Test
    void doctorOfAnEmptyHostEndsWithOne() {
        assertEnds(
                Map.of(),
                1,
                "\"canRun\": false",
                "doctor",
                "--json",
                "--sys-root=/nonexistent",
                "--cgroupfs-root=/nonexistent",
                "--listen=none");
    }

    private static void assertEnds(Map<String, String> environment, int code, String text, String... arguments) {
        try (AgentProcess process = AgentProcess.launch(environment, arguments)) {
            assertThat(process.awaitExit(LIMIT)).as(process.err()).isEqualTo(code);
            assertThat(process.err()).contains(text).doesNotContain("\tat ").doesNotContain("Exception");
        }
    }
}
