package io.nodetelemetry;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The checks of {@link NodeTelemetryConfig}; each names the field, the value and what is allowed. */
final class Limits {
    private static final int LABEL_LENGTH = 256;

    private Limits() {}

    static void between(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + " to " + max + ", not " + value);
        }
    }

    static void between(String field, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    field + " must be " + text(min) + " to " + text(max) + ", not " + text(value));
        }
    }

    static void atMost(String field, int size, int max) {
        if (size > max) {
            throw new IllegalArgumentException(field + " must have at most " + max + " entries, not " + size);
        }
    }

    static void absolute(String field, Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(field + " must be an absolute path, not '" + path + "'");
        }
    }

    static void httpUrl(String field, URI url) {
        // The authority rather than the host: the JDK knows no host whose name has an underscore.
        if (!("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
                || url.getRawAuthority() == null) {
            throw new IllegalArgumentException(field + " must be a URL such as http://localhost:4318"
                    + " (http or https, a host, and a port), not '" + url + "'");
        }
    }

    static void expression(String field, String text) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    field + " must be a regular expression, not '" + text + "': " + e.getDescription(), e);
        }
    }

    static void label(String field, Optional<String> value) {
        if (value.isPresent()
                && (value.get().length() > LABEL_LENGTH || value.get().chars().anyMatch(Character::isISOControl))) {
            throw new IllegalArgumentException(
                    field + " must be at most " + LABEL_LENGTH + " characters without control characters");
        }
    }

    /** 1500 ms, 10 s, 5 min, 24 h: the largest unit that leaves a whole number. */
    private static String text(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.toSecondsPart() != 0 || duration.isZero()) {
            return duration.toSeconds() + " s";
        }
        return duration.toMinutesPart() != 0 ? duration.toMinutes() + " min" : duration.toHours() + " h";
    }
}
