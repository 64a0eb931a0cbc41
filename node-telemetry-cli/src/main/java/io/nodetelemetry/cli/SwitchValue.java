package io.nodetelemetry.cli;

import java.util.Locale;

/** The value of a switch's environment variable. */
final class SwitchValue {
    private SwitchValue() {}

    /** Reads {@code true}, {@code 1}, {@code false} or {@code 0}. */
    static boolean parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' must be true or false");
        };
    }
}
