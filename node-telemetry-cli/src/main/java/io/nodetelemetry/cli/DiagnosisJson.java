package io.nodetelemetry.cli;

import io.nodetelemetry.model.Diagnosis;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Diagnoses as JSON (RFC 8259). */
final class DiagnosisJson {
    private DiagnosisJson() {}

    static String of(List<Diagnosis> diagnoses, boolean canRun) {
        return diagnoses.stream()
                .map(DiagnosisJson::object)
                .collect(Collectors.joining(",\n", "{\"canRun\": " + canRun + ", \"checks\": [\n", "\n]}"));
    }

    private static String object(Diagnosis diagnosis) {
        return "  {\"check\": " + string(diagnosis.check())
                + ", \"status\": " + string(diagnosis.status().name().toLowerCase(Locale.ROOT))
                + ", \"essential\": " + diagnosis.essential()
                + ", \"found\": " + string(diagnosis.found())
                + ", \"neededFor\": " + string(diagnosis.neededFor())
                + ", \"remedy\": "
                + diagnosis.remedy().map(DiagnosisJson::string).orElse("null") + "}";
    }

    static String string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
