package io.nodetelemetry.internal.collectors.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What those write who rotate logs that are not their own: copies of lines that count already. A log that a program writes
 * under such a name from the first on is told from them by having no log beside it that it could be a copy of.
 */
final class CopiedLog {
    private static final Pattern PACKED = Pattern.compile(".*\\.(?:gz|bz2|xz|zst|lz4|Z|zip)", Pattern.DOTALL);
    /** {@code app.log.1}, {@code app.log-20260101}, {@code app.log.20260101-1200}, {@code app.log.old}. */
    private static final Pattern GENERATION =
            Pattern.compile("(.*/[^/]+?)(?:\\.[0-9]{1,3}|[.-][0-9]{8}(?:[-T]?[0-9]{1,10})?|\\.old)", Pattern.DOTALL);

    private CopiedLog() {}

    /** Whether it holds packed bytes, by its name. */
    static boolean isPacked(String path) {
        return PACKED.matcher(path).matches();
    }

    /** The log that it would be a copy of, by its name; empty if that is no name of a copy. */
    static Optional<String> original(String path) {
        Matcher generation = GENERATION.matcher(path);
        return generation.matches() ? Optional.of(generation.group(1)) : Optional.empty();
    }
}
