package io.nodetelemetry.internal.source.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PressureStallInfoTest {
    private static final Path FIXTURES = Path.of("src/test/resources/pressure");
    private static final PressureStallInfo NOTHING = new PressureStallInfo(OptionalLong.empty(), OptionalLong.empty());

    @Test
    void totalsOfBothLinesAreTaken() throws IOException {
        assertThat(PressureStallInfo.read(FIXTURES.resolve("host/io")))
                .contains(new PressureStallInfo(OptionalLong.of(51026474L), OptionalLong.of(28370931L)));
        assertThat(PressureStallInfo.read(FIXTURES.resolve("host/cpu"))
                        .orElseThrow()
                        .fullMicros())
                .hasValue(0);
    }

    @Test
    void lineThatOldKernelsLackIsAbsentRatherThanZero() throws IOException {
        assertThat(PressureStallInfo.read(FIXTURES.resolve("old-cpu/cpu")))
                .contains(new PressureStallInfo(OptionalLong.of(202_020), OptionalLong.empty()));
    }

    @Test
    void kernelWithoutPressureHasNone() throws IOException {
        assertThat(PressureStallInfo.read(FIXTURES.resolve("missing/cpu"))).isEmpty();
    }

    @Test
    void whatIsMalformedIsAbsent() {
        assertThat(PressureStallInfo.parse("")).isEqualTo(NOTHING);
        assertThat(PressureStallInfo.parse("some avg10=0.00 total=12"))
                .as("cut off")
                .isEqualTo(NOTHING);
        assertThat(PressureStallInfo.parse("some avg10=0.00\nfull total=7\n"))
                .isEqualTo(new PressureStallInfo(OptionalLong.empty(), OptionalLong.of(7)));
        assertThat(PressureStallInfo.parse("some total=\nfull total=1x\n")).isEqualTo(NOTHING);
        assertThat(PressureStallInfo.parse("some total=-1\nfull total=99999999999999999999\n"))
                .isEqualTo(NOTHING);
    }

    @Test
    void whatIsNewIsPassedOver() {
        assertThat(PressureStallInfo.parse("most avg10=1.00 total=9\nsome avg10=0.00 avg900=0.00 total=5\n"))
                .isEqualTo(new PressureStallInfo(OptionalLong.of(5), OptionalLong.empty()));
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(3);
        byte[] alphabet = "somefull avg10= total=0123456789\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(9) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(PressureStallInfo.parse(text).someMicros().orElse(0)).isNotNegative();
            assertThat(PressureStallInfo.parse("some total=" + text)
                            .fullMicros()
                            .orElse(0))
                    .isNotNegative();
        }
    }
}
