package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadLogTest {
    private static final String REJECTED = """
            libbpf: prog 'unchecked': BPF program load failed: Permission denied
            libbpf: prog 'unchecked': -- BEGIN PROG LOAD LOG --
            0: R1=ctx(off=0,imm=0) R10=fp0
            ; return *value == 1;
            5: (79) r1 = *(u64 *)(r0 +0)
            R0 invalid mem access 'map_value_or_null'
            processed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            -- END PROG LOAD LOG --
            libbpf: prog 'unchecked': failed to load: -13
            libbpf: failed to load object 'rejected'
            """;

    @Test
    void verifierSpeaksLastBeforeItsStatistics() {
        assertThat(LoadLog.of(REJECTED))
                .isEqualTo(new LoadLog(Optional.of("unchecked"), "R0 invalid mem access 'map_value_or_null'"));
    }

    @Test
    void ofSeveralProgramsTheLastRejectedOneCounts() {
        String second = REJECTED.replace("'unchecked'", "'other'").replace("R0 invalid", "R7 invalid");

        assertThat(LoadLog.of(REJECTED + second))
                .isEqualTo(new LoadLog(Optional.of("other"), "R7 invalid mem access 'map_value_or_null'"));
    }

    @Test
    void logWithoutEndIsReadToItsEnd() {
        String cut = REJECTED.substring(0, REJECTED.indexOf("processed"));

        assertThat(LoadLog.of(cut).line()).isEqualTo("R0 invalid mem access 'map_value_or_null'");
    }

    @Test
    void emptyVerifierLogIsNoVerdict() {
        String empty = """
                libbpf: prog 'p': BPF program load failed: Operation not permitted
                libbpf: prog 'p': -- BEGIN PROG LOAD LOG --
                processed 0 insns
                -- END PROG LOAD LOG --
                """;

        assertThat(LoadLog.of(empty)).isEqualTo(new LoadLog(Optional.empty(), ""));
    }

    @Test
    void causeIsPreferredToConsequence() {
        String log = """
                libbpf: Error in bpf_create_map_xattr(x):Operation not permitted(-1). Retrying without BTF.
                libbpf: map 'connects': failed to create: Operation not permitted(-1)
                libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 64.0 KiB
                libbpf: failed to load object 'tcp'
                """;

        assertThat(LoadLog.of(log))
                .isEqualTo(
                        new LoadLog(Optional.empty(), "map 'connects': failed to create: Operation not permitted(-1)"));
    }

    @Test
    void nothingCapturedGivesNothing() {
        assertThat(LoadLog.of("")).isEqualTo(new LoadLog(Optional.empty(), ""));
    }

    @Test
    void longLinesAreCut() {
        assertThat(LoadLog.of("libbpf: " + "x".repeat(5_000)).line())
                .hasSize(301)
                .endsWith("…");
    }

    @Test
    void anyTextGivesABoundedLine() {
        Random random = new Random(20_260_102);
        String[] pieces = {"libbpf: ", "prog 'a': ", "-- BEGIN PROG LOAD LOG --", "-- END PROG LOAD LOG --", "\n", "x"};
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(random.nextInt(8) == 0 ? "" + (char) random.nextInt() : pieces[random.nextInt(6)]);
            }
            assertThat(LoadLog.of(text.toString()).line())
                    .hasSizeLessThanOrEqualTo(301)
                    .doesNotContain("\n");
        }
    }
}
