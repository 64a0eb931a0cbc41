package io.nodetelemetry.internal.source.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * Which journals are read.
 *
 * @param homes where they can be; what does not exist yet is looked for again
 * @param bootId the file that tells the id of this boot, {@code /proc/sys/kernel/random/boot_id}
 * @param fromBeginning whether what was written before counts too
 */
public record JournalSettings(List<Home> homes, Path bootId, boolean fromBeginning) {
    /**
     * Where journald keeps its files, in a directory for each journal that bears the machine's id.
     *
     * @param untilReboot what is gone with the next boot, and copied to the other one when that can be written to
     * @param forGood what stays
     */
    public record Home(Path untilReboot, Path forGood) {
        /** As below the root directory of a system. */
        public static Home below(Path root) {
            return new Home(root.resolve("run/log/journal"), root.resolve("var/log/journal"));
        }
    }

    public JournalSettings {
        homes = List.copyOf(homes);
    }

    /**
     * The journals of systems whose root directories are seen there.
     *
     * @param proc where procfs is seen
     */
    public static JournalSettings below(List<Path> roots, Path proc, boolean fromBeginning) {
        return new JournalSettings(
                roots.stream().map(Home::below).toList(), proc.resolve("sys/kernel/random/boot_id"), fromBeginning);
    }
}
