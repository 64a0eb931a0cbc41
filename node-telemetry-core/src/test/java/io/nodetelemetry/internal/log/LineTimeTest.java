package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTimeTest {
    private static Optional<Instant> time(Format format, String line) {
        byte[] bytes = ("xx" + line + "yy").getBytes(StandardCharsets.UTF_8);
        return LineTime.of(format, bytes, 2, bytes.length - 2);
    }

    @Test
    void dockerWritesItLast() {
        assertThat(time(
                        Format.DOCKER_JSON,
                        "{\"log\":\"\\\"time\\\":\\\"x\\n\",\"stream\":\"stdout\","
                                + "\"time\":\"2026-11-23T10:11:12.123456789Z\"}"))
                .contains(Instant.parse("2026-11-23T10:11:12.123456789Z"));
    }

    @Test
    void theContainerRuntimeInterfaceHasItFirstInAnyZone() {
        assertThat(time(Format.CRI, "2026-11-23T10:11:12.123456789Z stdout F text"))
                .contains(Instant.parse("2026-11-23T10:11:12.123456789Z"));
        assertThat(time(Format.CRI, "2026-11-23T10:11:12.123456789+02:00 stderr P text"))
                .contains(Instant.parse("2026-11-23T08:11:12.123456789Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "2026-11-23T10:11:12.123456789Z",
                "2026-11-23T25:11:12Z stdout F text",
                " stdout F text",
                "\"time\":\"",
                "\"time\":\"2026-11-23T10:11:12.123456789Z",
                "\"time\":\"yesterday\"}",
                "{\"log\":\"a\",\"time\":\"2026-11-23T10:11:12.1234567890123456789012345678901234567890Z\"}"
            })
    void lineWithoutATimeHasNone(String line) {
        assertThat(time(Format.CRI, line)).isEmpty();
        assertThat(time(Format.DOCKER_JSON, line)).isEmpty();
    }

    @Test
    void anyBytesAreALine() {
        Random random = new Random(7);
        byte[] known = "{\"time\":\"2026-11-23T10:11:12.1Z\" stdout F".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = known.clone();
            for (int j = random.nextInt(8); j > 0; j--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            int from = random.nextInt(line.length + 1);
            int to = from + random.nextInt(line.length + 1 - from);
            for (Format format : Format.values()) {
                assertThat(LineTime.of(format, line, from, to)).isNotNull();
            }
        }
    }
}
