package io.nodetelemetry.cli;

import io.nodetelemetry.model.Diagnosis;
import io.nodetelemetry.model.Diagnosis.Status;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Diagnoses as an aligned table, with the remedy in a line of its own below what is not in order. */
final class DiagnosisTable {
    private static final int STATUS_WIDTH = "missing".length();

    private DiagnosisTable() {}

    static String of(List<Diagnosis> diagnoses, boolean colours) {
        int check = width(diagnoses.stream().map(Diagnosis::check).toList());
        int found = Math.min(44, width(diagnoses.stream().map(Diagnosis::found).toList()));
        StringBuilder table = new StringBuilder();
        for (Diagnosis diagnosis : diagnoses) {
            table.append(status(diagnosis.status(), colours))
                    .append("  ")
                    .append(padded(diagnosis.check(), check))
                    .append("  ")
                    .append(padded(diagnosis.found(), found))
                    .append("  for ")
                    .append(diagnosis.neededFor())
                    .append('\n');
            diagnosis
                    .remedy()
                    .ifPresent(remedy -> table.append(" ".repeat(STATUS_WIDTH + 2))
                            .append(" ".repeat(check + 2))
                            .append("-> ")
                            .append(remedy)
                            .append('\n'));
        }
        String preventing = diagnoses.stream()
                .filter(Diagnosis::prevents)
                .map(Diagnosis::check)
                .collect(Collectors.joining(", "));
        table.append('\n')
                .append(
                        preventing.isEmpty()
                                ? "TCP can be counted by container on this machine."
                                : "TCP cannot be counted by container on this machine, for want of: " + preventing
                                        + ".")
                .append('\n');
        return table.toString();
    }

    private static int width(List<String> cells) {
        return cells.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String status(Status status, boolean colours) {
        String text = padded(status.name().toLowerCase(Locale.ROOT), STATUS_WIDTH);
        int colour = switch (status) {
            case OK -> 32;
            case WARN -> 33;
            case MISSING -> 31;
        };
        return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }
}
