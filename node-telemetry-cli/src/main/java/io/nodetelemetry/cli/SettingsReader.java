package io.nodetelemetry.cli;

import java.util.List;
import java.util.Map;

/** Flags first, then their environment variables. */
final class SettingsReader {
    private final Map<String, String> environment;

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Applies every flag that is given on the command line or, if not there, by a variable.
     *
     * @param given texts by flag
     * @throws UsageException naming the flag or variable, its value and what is allowed
     */
    Settings read(Map<Flag, List<String>> given) throws UsageException {
        Settings settings = new Settings();
        for (Flag flag : Flags.ALL) {
            List<String> texts = given.get(flag);
            if (texts == null) {
                readVariable(flag, settings);
            } else {
                for (String text : texts) {
                    apply(flag, text, flag.name(), settings);
                }
            }
        }
        return settings;
    }

    private void readVariable(Flag flag, Settings settings) throws UsageException {
        for (String variable : flag.variables()) {
            String text = environment.get(variable);
            if (text != null && !text.isBlank()) {
                apply(flag, text.strip(), "environment variable " + variable, settings);
                return;
            }
        }
    }

    private static void apply(Flag flag, String text, String origin, Settings settings) throws UsageException {
        try {
            flag.apply(settings, text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(origin + ": " + e.getMessage(), e);
        }
    }
}
