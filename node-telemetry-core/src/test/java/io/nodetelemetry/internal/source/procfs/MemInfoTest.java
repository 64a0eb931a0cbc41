package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemInfoTest {
    private static final MemInfo NOTHING =
            new MemInfo(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    @Test
    void kilobytesOfTheKernelHave1024Bytes() throws IOException {
        assertThat(MemInfo.read(Path.of("src/test/resources/procfs/node")))
                .contains(new MemInfo(
                        OptionalLong.of(24_684_084L * 1_024),
                        OptionalLong.of(20_344_988L * 1_024),
                        OptionalLong.of(21_199_856L * 1_024),
                        OptionalLong.of(989_252L * 1_024)));
    }

    @Test
    void lineThatOldKernelsLackIsAbsentRatherThanZero() {
        assertThat(MemInfo.parse("MemTotal: 8 kB\nMemFree: 0 kB\nSwapCached: 5 kB\n"))
                .isEqualTo(new MemInfo(
                        OptionalLong.of(8_192), OptionalLong.of(0), OptionalLong.empty(), OptionalLong.empty()));
    }

    @Test
    void whatIsMalformedIsAbsent() {
        assertThat(MemInfo.parse("")).isEqualTo(NOTHING);
        assertThat(MemInfo.parse("MemTotal: 8 kB")).as("cut off").isEqualTo(NOTHING);
        assertThat(MemInfo.parse("MemTotal: 8\nMemFree: x kB\nMemAvailable: -1 kB\nCached: 9223372036854775807 kB\n"))
                .isEqualTo(NOTHING);
        assertThat(MemInfo.parse("MemTotal: kB\nMemFree:\n")).isEqualTo(NOTHING);
    }

    @Test
    void machineWithoutTheFileHasNone(@TempDir Path procRoot) throws IOException {
        assertThat(MemInfo.read(procRoot)).isEmpty();
    }
}
