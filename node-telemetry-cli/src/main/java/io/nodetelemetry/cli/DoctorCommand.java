package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetry;
import io.nodetelemetry.NodeTelemetryConfig;
import io.nodetelemetry.model.Diagnosis;
import java.io.PrintStream;
import java.util.List;

/** The {@code doctor} command. */
final class DoctorCommand {
    private final PrintStream out;

    DoctorCommand(PrintStream out) {
        this.out = out;
    }

    int examine(NodeTelemetryConfig config, boolean json) {
        List<Diagnosis> diagnoses = NodeTelemetry.diagnose(config);
        boolean canRun = diagnoses.stream().noneMatch(Diagnosis::prevents);
        if (json) {
            out.println(DiagnosisJson.of(diagnoses, canRun));
        } else {
            out.print(DiagnosisTable.of(diagnoses, picocli.CommandLine.Help.Ansi.AUTO.enabled()));
        }
        return canRun ? ExitCode.OK : ExitCode.CANNOT_RUN;
    }
}
