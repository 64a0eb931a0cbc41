package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcStatTest {
    private static final Path CAPTURED = Path.of("src/test/resources/procfs/node");

    @Test
    void timesOfTheWholeMachineAndItsCpus() throws IOException {
        ProcStat stat = ProcStat.parse(Files.readString(CAPTURED.resolve("stat")), 100);

        assertThat(stat.logicalCores()).isEqualTo(2);
        assertThat(stat.micros())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        CpuMode.USER, 10_028_790_000L,
                        CpuMode.NICE, 0L,
                        CpuMode.SYSTEM, 2_053_420_000L,
                        CpuMode.IDLE, 12_579_910_000L,
                        CpuMode.IOWAIT, 42_620_000L,
                        CpuMode.IRQ, 0L,
                        CpuMode.SOFTIRQ, 908_470_000L,
                        CpuMode.STEAL, 6_770_000L));
    }

    @Test
    void ticksAreOfTheLengthThatTheSystemSays() {
        assertThat(ProcStat.parse("cpu 3 0 0 0\n", 100).micros()).containsEntry(CpuMode.USER, 30_000L);
        assertThat(ProcStat.parse("cpu 3 0 0 0\n", 1_000).micros()).containsEntry(CpuMode.USER, 3_000L);
        assertThat(ProcStat.parse("cpu 1025 0 0 0\n", 1_024).micros()).containsEntry(CpuMode.USER, 1_000_976L);
        // A hundred CPUs for a hundred years.
        assertThat(ProcStat.parse("cpu 31536000000000 0 0 0\n", 100).micros())
                .containsEntry(CpuMode.USER, 315_360_000_000_000_000L);
    }

    @Test
    void modesThatTheKernelDoesNotTellAreAbsent() {
        ProcStat stat = ProcStat.parse("cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 5\n", 100);

        assertThat(stat.micros().keySet())
                .containsExactlyInAnyOrder(CpuMode.USER, CpuMode.NICE, CpuMode.SYSTEM, CpuMode.IDLE);
        assertThat(stat.logicalCores()).isEqualTo(1);
    }

    @Test
    void cpusThatAreOffLeaveGaps() {
        assertThat(ProcStat.parse("cpu 1 2 3 4\ncpu0 1\ncpu3 1\ncpu17 1\nintr 5\ncpu18 1\n", 100)
                        .logicalCores())
                .isEqualTo(3);
    }

    @Test
    void whatIsMalformedIsLeftOut() {
        assertThat(ProcStat.parse("", 100)).isEqualTo(new ProcStat(Map.of(), 0));
        assertThat(ProcStat.parse("cpu 1 2 3 4", 100)).as("cut off").isEqualTo(new ProcStat(Map.of(), 0));
        assertThat(ProcStat.parse("cpu 1 x -3 99999999999999999999 5\ncpux 1\ncpu\n", 100))
                .isEqualTo(new ProcStat(Map.of(CpuMode.USER, 10_000L, CpuMode.IOWAIT, 50_000L), 0));
    }

    @Test
    void fileThatTellsNothingOfCpusIsAFault(@TempDir Path procRoot) throws IOException {
        assertThat(ProcStat.read(procRoot)).isEmpty();
        Files.writeString(procRoot.resolve("stat"), "intr 1\n");

        assertThatIOException()
                .isThrownBy(() -> ProcStat.read(procRoot))
                .withMessage(procRoot.resolve("stat") + ": no line 'cpu' with times");
    }
}
