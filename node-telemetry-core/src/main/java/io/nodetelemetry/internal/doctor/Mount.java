package io.nodetelemetry.internal.doctor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)), as far as we look at it.
 *
 * @param point where it is mounted, as this process sees it
 * @param type the file system's type
 */
record Mount(Path point, String type) {
    /** All mounts; lines that are not understood are left out. */
    static List<Mount> parse(String mountinfo) {
        return mountinfo.lines().flatMap(line -> parseLine(line).stream()).toList();
    }

    /** {@code 36 35 98:0 / /mount/point rw,noatime master:1 - type source options}. */
    private static Optional<Mount> parseLine(String line) {
        int separator = line.indexOf(" - ");
        if (separator < 0) {
            return Optional.empty();
        }
        String[] before = line.substring(0, separator).split(" ", -1);
        String[] after = line.substring(separator + 3).split(" ", -1);
        if (before.length < 6 || after.length < 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(Path.of(unescaped(before[4])), after[0]));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The kernel writes blank, tab, newline and backslash as three octal digits. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
