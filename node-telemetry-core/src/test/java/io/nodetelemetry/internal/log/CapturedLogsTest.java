package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of one program, as different engines wrote them. */
final class CapturedLogsTest {
    private static final List<String> WRITTEN = List.of(
            "plain line",
            "said \"yes\" \\ C:\\temp\ttab <a&b>",
            "bell \u0007 escape \u001b[31mred\u001b[0m nul \0 del \u007f",
            "caf\u00e9 \u65e5\u672c \ud83d\ude00 bad \ufffd\ufffd separators \u2028 \u2029",
            "",
            "   indented",
            "x".repeat(40_000) + "end of the long one",
            "no line feed at the end");

    @ParameterizedTest
    @CsvSource({
        "docker-20.10.24/plain, DOCKER_JSON, ERR",
        "docker-20.10.24/attrs, DOCKER_JSON, ERR",
        "docker-20.10.24/terminal, DOCKER_JSON, OUT",
        "podman-4.3.1/plain, CRI, ERR"
    })
    void theLinesAreWhatTheProgramWrote(String name, Format format, String stream) throws IOException {
        byte[] file;
        try (InputStream captured = CapturedLogsTest.class.getResourceAsStream("/logs/" + name + ".log")) {
            file = Objects.requireNonNull(captured, name).readAllBytes();
        }
        RecordedLines recorded = new RecordedLines();
        LogDecoder decoder = LogDecoder.of(format, recorded);
        int from = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] == '\n') {
                decoder.line(file, from, i, false);
                from = i + 1;
            }
        }
        assertThat(from).isEqualTo(file.length);
        assertThat(recorded.lines).hasSize(WRITTEN.size());
        decoder.end();
        // A terminal puts a carriage return before each line feed, be there another one or not.
        List<String> lines = recorded.lines.stream()
                .map(line -> line.replaceFirst("\r$", ""))
                .toList();
        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                WRITTEN.stream().map(line -> "OUT " + line), Stream.of(stream + " to standard error"))
                        .collect(Collectors.toList()));
        assertThat(lines.stream().filter(line -> !line.endsWith("to standard error")))
                .containsExactlyElementsOf(
                        WRITTEN.stream().map(line -> "OUT " + line).toList());
        assertThat(decoder.undecodable()).isZero();
        assertThat(new String(file, StandardCharsets.UTF_8)).contains("x".repeat(8_000));
    }
}
