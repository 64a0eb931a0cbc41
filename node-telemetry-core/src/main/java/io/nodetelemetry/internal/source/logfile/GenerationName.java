package io.nodetelemetry.internal.source.logfile;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the files that a log was rotated to are told from others beside it: {@code app.log.1}, {@code app.log-20260101},
 * {@code app.log.20260101-120000}, {@code app-2026-01-01.log}, {@code app.log.old}. Compressed ones are not among them, but
 * {@code app.log.1.gz} may be looked for as well.
 *
 * @param mark what stands for the name in the order: a number or a time
 */
record GenerationName(String mark) {
    private static final String OTHERS_IN_MARK = "-_.:+TZ";

    /** What compress(1) appends, where times of UTC have the letter alone; other extensions have letters of no time. */
    private static final String COMPRESSED = ".Z";

    /** Digits of a date; fewer between a stem and its extension rather name another log, such as {@code app-2.log}. */
    private static final int DIGITS_OF_DATE = 6;

    private static final String PACKED = ".gz";
    private static final int DIGITS_OF_INDEX = 4;
    private static final int MAX_MARK = 64;

    /** Empty if this is no generation of the log that is named so. */
    static Optional<GenerationName> of(String name, String log) {
        if (name.startsWith(log)) {
            return mark(name, log.length(), name.length(), 1);
        }
        int dot = log.lastIndexOf('.');
        if (dot > 0
                && name.length() > log.length()
                && name.startsWith(log.substring(0, dot))
                && name.endsWith(log.substring(dot))) {
            return mark(name, dot, name.length() - (log.length() - dot), DIGITS_OF_DATE);
        }
        return Optional.empty();
    }

    /** The same of what a generation was packed to by gzip(1); the mark is that of the generation. */
    static Optional<GenerationName> ofPacked(String name, String log) {
        return name.endsWith(PACKED) ? of(name.substring(0, name.length() - PACKED.length()), log) : Optional.empty();
    }

    private static Optional<GenerationName> mark(String name, int from, int to, int digitsAtLeast) {
        if (to - from < 2 || to - from > MAX_MARK || (name.charAt(from) != '.' && name.charAt(from) != '-')) {
            return Optional.empty();
        }
        String mark = name.substring(from + 1, to);
        boolean compressed = mark.endsWith(COMPRESSED);
        return mark.equals("old") || (!compressed && isNumberOrTime(mark, digitsAtLeast))
                ? Optional.of(new GenerationName(mark))
                : Optional.empty();
    }

    private static boolean isNumberOrTime(String mark, int digitsAtLeast) {
        int digits = 0;
        for (int i = 0; i < mark.length(); i++) {
            char c = mark.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (OTHERS_IN_MARK.indexOf(c) < 0) {
                return false;
            }
        }
        return digits >= digitsAtLeast;
    }

    /** How many rotations ago it was the current one, if it is numbered so. */
    OptionalInt index() {
        boolean digits = mark.length() <= DIGITS_OF_INDEX && mark.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? OptionalInt.of(Integer.parseInt(mark)) : OptionalInt.empty();
    }
}
