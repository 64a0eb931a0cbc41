package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The agent as a process: how it stops, and what it says when it cannot run. */
@RequiresKernel
class RunningIT {
    @Test
    void sigtermEndsWithZeroAndSoon() {
        try (AgentProcess agent = AgentProcess.start()) {
            assertThat(agent.terminate(AgentProcess.PROMPTLY)).as(agent.err()).isZero();
        }
    }

    @Test
    void everyLineIsLoggedOnceAndInOurForm() {
        try (AgentProcess agent = AgentProcess.start()) {
            assertThat(agent.err().lines().filter(line -> line.contains("collectors on: ")))
                    .hasSize(1);
            assertThat(agent.err().lines())
                    .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z (ERROR|WARN |INFO ) .*"));
        }
    }

    @Test
    void aReceiverThatNeverAnswersDoesNotHoldUpTheEnd() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                AgentProcess agent = AgentProcess.start("--otlp-endpoint=http://127.0.0.1:" + silent.getLocalPort())) {
            assertThat(agent.terminate(AgentProcess.PROMPTLY)).as(agent.err()).isZero();
        }
    }

    @Test
    void aTakenPortEndsWithOneAndNamesTheFlag() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AgentProcess agent = AgentProcess.launch(Map.of(), "--listen=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(agent.awaitExit(Duration.ofSeconds(10))).as(agent.err()).isEqualTo(ExitCode.CANNOT_RUN);
            assertThat(agent.err())
                    .contains("node-telemetry: cannot run: ")
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("--listen")
                    .doesNotContain("\tat ");
        }
    }
}
