package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.NodeTelemetry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineInterfaceTest {
    private static final int AGENT_RAN = 42;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void versionIsThatOfTheLibrary() {
        assertThat(run("--version")).isZero();
        assertThat(out()).isEqualTo("node-telemetry " + NodeTelemetry.version() + "\n");
        assertThat(run("doctor", "-V")).isZero();
    }

    @Test
    void helpShowsEveryFlagWithItsVariableAndDefault() {
        assertThat(run("--help")).isZero();
        assertThat(err()).isEmpty();
        String help = out().replaceAll("\\s+", " ");
        for (Flag flag : Flags.ALL) {
            assertThat(help).contains(flag.names()).contains(flag.variables()).contains(flag.description());
            assertThat(help).contains(flag.defaultText().isEmpty() ? "" : "Default: " + flag.defaultText() + ".");
        }
        OpenTelemetryVariables.DOCUMENTED
                .keySet()
                .forEach(variable -> assertThat(help).contains(variable));
        assertThat(help).contains("Exit codes: 0 stopped by a signal, 1 cannot run, 2 wrong flag or variable.");
    }

    @Test
    void helpOfDoctorIsItsOwn() {
        assertThat(run("doctor", "-h")).isZero();
        assertThat(out()).contains("--json").contains("Ends with 0");
    }

    @Test
    void helpOfPatternsIsItsOwn() {
        assertThat(run("patterns", "-h")).isZero();
        assertThat(out()).contains("--json", "--assign", "--all-levels", "FILE").doesNotContain("--listen");
    }

    @Test
    void patternsDemandsOneFileAndOneOutput() {
        assertThat(run("patterns")).isEqualTo(ExitCode.USAGE);
        assertThat(run("patterns", "a", "b")).isEqualTo(ExitCode.USAGE);
        assertThat(run("patterns", "--json", "--assign", "-")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--json and --assign exclude each other");
        assertThat(run("patterns", "/nonexistent")).isEqualTo(ExitCode.CANNOT_RUN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--lisen=:80 | unknown flag '--lisen=:80'; did you mean '--listen'?",
                "-x | unknown flag '-x'",
                "doctr | unknown command 'doctr'; did you mean 'doctor'?",
                "--listen=80 | --listen: '80' is not an address to listen on; allowed are <address>:<port> with a port of"
                        + " 0 to 65535, such as 0.0.0.0:80, [::1]:9400 or :9400, and none",
                "--track-public-network=8.8.8.8/24 | --track-public-network: '8.8.8.8/24' has bits set beyond its prefix"
                        + " length; the network is 8.8.8.0/24, the one address is 8.8.8.8/32",
                "--listen | Missing required parameter for option '--listen' (<address:port>)",
                "--no-parse-logs=maybe | option '--no-parse-logs' should be specified without 'maybe' parameter",
            })
    void wrongUsageIsNamedOnStandardError(String argument, String message) {
        assertThat(run(argument)).isEqualTo(ExitCode.USAGE);
        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("node-telemetry: " + message + "\nTry 'node-telemetry --help'.\n");
    }

    @Test
    void aFlagGivenTwiceIsRefused() {
        assertThat(run("--listen=:1", "--listen=:2")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--listen").contains("only once");
    }

    @Test
    void aFileOfArgumentsIsNotReadUnasked() {
        assertThat(run("@/etc/hostname")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).startsWith("node-telemetry: unknown command '@/etc/hostname'");
    }

    private int run(String... arguments) {
        return new CommandLineInterface(
                        Map.of(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        builder -> AGENT_RAN)
                .run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
