package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.Diagnosis;
import io.nodetelemetry.model.Diagnosis.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisOutputTest {
    private static final List<Diagnosis> MIXED = List.of(
            new Diagnosis("kernel", Status.OK, "6.12.43", "BPF programs", Optional.empty(), true),
            new Diagnosis("libbpf", Status.MISSING, "not \"found\"", "loading them", Optional.of("install it"), true),
            new Diagnosis("docker socket", Status.WARN, "none", "names", Optional.of("start it"), false));

    @Test
    void tableIsAlignedWithTheRemedyBelow() {
        assertThat(DiagnosisTable.of(MIXED, false)).isEqualTo("""
                ok       kernel         6.12.43      for BPF programs
                missing  libbpf         not "found"  for loading them
                                        -> install it
                warn     docker socket  none         for names
                                        -> start it

                TCP cannot be counted by container on this machine, for want of: libbpf.
                """);
    }

    @Test
    void tableSaysWhenAllIsInOrder() {
        assertThat(DiagnosisTable.of(MIXED.subList(0, 1), false))
                .endsWith("\nTCP can be counted by container on this machine.\n");
    }

    @Test
    void coloursAreAroundTheStatusAlone() {
        assertThat(DiagnosisTable.of(MIXED.subList(0, 1), true)).startsWith("\u001b[32mok     \u001b[0m  kernel");
    }

    @Test
    void jsonHoldsTheSame() {
        assertThat(DiagnosisJson.of(MIXED, false)).isEqualTo("""
                {"canRun": false, "checks": [
                  {"check": "kernel", "status": "ok", "essential": true, "found": "6.12.43", "neededFor": "BPF programs", "remedy": null},
                  {"check": "libbpf", "status": "missing", "essential": true, "found": "not \\"found\\"", "neededFor": "loading them", "remedy": "install it"},
                  {"check": "docker socket", "status": "warn", "essential": false, "found": "none", "neededFor": "names", "remedy": "start it"}
                ]}""");
    }

    @Test
    void jsonStringsAreEscaped() {
        assertThat(DiagnosisJson.string("a\\b\"c\n\u0001\u00e9\ud83d"))
                .isEqualTo("\"a\\\\b\\\"c\\u000a\\u0001\u00e9\\ud83d\"");
    }
}
