package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.cli.PatternsCommand.Output;
import io.nodetelemetry.model.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatternsCommandTest {
    private static final String LOG = """
            ERROR disk 5 is full
            INFO all is well
            WARN disk 5 is slow
            ERROR disk 71 is full\u001b[31m
            nothing said
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theTableHasTheMostFrequentPatternFirstAndASampleOfEach() {
        assertThat(run("-", Output.TABLE, LogLevel.WARNING, LOG.replace("\u001b[31m", "")))
                .isZero();
        assertThat(out().lines()
                        .map(line ->
                                line.replaceAll("[0-9a-f]{32}", "#").strip().replaceAll(" +", " ")))
                .containsExactly(
                        "COUNT LEVEL HASH PATTERN",
                        "2 error # ERROR disk <*> is full",
                        "e.g. ERROR disk 5 is full",
                        "1 warning # WARN disk <*> is slow",
                        "e.g. WARN disk 5 is slow",
                        "1 unknown (counted by level alone)",
                        "1 info (counted by level alone)");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void allLevelsAreListedOnDemand() {
        assertThat(run("-", Output.TABLE, LogLevel.UNKNOWN, LOG)).isZero();
        assertThat(out()).contains("nothing said", "INFO all is well").doesNotContain("by level alone", "\u001b");
    }

    @Test
    void jsonHoldsTheSame() {
        assertThat(run("-", Output.JSON, LogLevel.ERROR, "ERROR a \"1\"\nINFO b\n"))
                .isZero();
        assertThat(out().replaceAll("[0-9a-f]{32}", "#")).isEqualTo("""
                {"lines": 2, "messages": 2, "countedByLevelAlone": {"info": 1}, "beyondLimit": 0, "patterns": [
                  {"count": 1, "level": "error", "hash": "#", "pattern": "ERROR a <*>", "sample": "ERROR a \\"1\\""}
                ]}
                """);
    }

    @Test
    void anAssignmentHasOneHashForEachLineInOrder() {
        assertThat(run("-", Output.ASSIGNMENT, LogLevel.WARNING, "a 1\n\nb\na 2"))
                .isZero();
        List<String> hashes = out().lines().toList();
        assertThat(hashes).hasSize(4).allMatch(hash -> hash.matches("[0-9a-f]{32}"));
        assertThat(hashes.get(0)).isEqualTo(hashes.get(3));
        assertThat(hashes.subList(0, 3)).doesNotHaveDuplicates();
    }

    @Test
    void patternsBeyondTheLimitAreCounted() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 10_003; i++) {
            log.append("ERROR ")
                    .append("x".repeat(2 + i % 100))
                    .append(' ')
                    .append("y".repeat(2 + i / 100))
                    .append('\n');
        }
        assertThat(run("-", Output.TABLE, LogLevel.WARNING, log.toString())).isZero();
        assertThat(out()).endsWith("(patterns beyond the first 10000)\n").contains("\n        3  ");
    }

    @Test
    void aTraceIsOneMessageAndSecretsAreMasked() {
        String log = "ERROR cannot log in, password=hunter2\njava.io.IOException: reset\n\tat a.B.c(B.java:1)\n";
        assertThat(run("-", Output.TABLE, LogLevel.WARNING, log)).isZero();
        assertThat(out())
                .contains("        1  error", "java.io.IOException", "e.g. ERROR cannot log in, password=***")
                .doesNotContain("hunter2");
    }

    @Test
    void aFileIsRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.log"), LOG);
        assertThat(run(file.toString(), Output.TABLE, LogLevel.WARNING, "")).isZero();
        assertThat(out()).contains("disk <*> is slow");
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("b.log");
        assertThat(run(missing.toString(), Output.TABLE, LogLevel.WARNING, "")).isEqualTo(ExitCode.CANNOT_RUN);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("node-telemetry: '" + missing + "' does not exist; name a file, or - for standard input\n");
        assertThat(run(folder.toString(), Output.TABLE, LogLevel.WARNING, "")).isEqualTo(ExitCode.CANNOT_RUN);
        assertThat(out()).isEmpty();
    }

    private int run(String file, Output output, LogLevel lowest, String input) {
        return new PatternsCommand(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false)
                .print(file, output, lowest);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
