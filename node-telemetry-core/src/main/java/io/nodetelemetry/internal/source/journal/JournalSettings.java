package io.nodetelemetry.internal.source.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which journals are read.
 *
 * @param places where they can be; what does not exist yet is looked for again
 * @param bootId the file that tells the id of this boot, {@code /proc/sys/kernel/random/boot_id}
 * @param fromBeginning whether what was written before counts too
 */
public record JournalSettings(List<Place> places, Path bootId, boolean fromBeginning) {
    /**
     * A directory with a directory for each journal, which bears the machine's id.
     *
     * @param isVolatile whether it is gone with the next boot, and copied to the other one when that can be written to
     */
    public record Place(Path directory, boolean isVolatile) {}

    public JournalSettings {
        places = List.copyOf(places);
    }

    /**
     * The journals of systems whose root directories are seen there.
     *
     * @param proc where procfs is seen
     */
    public static JournalSettings below(List<Path> roots, Path proc, boolean fromBeginning) {
        List<Place> places = new ArrayList<>();
        for (Path root : roots) {
            places.add(new Place(root.resolve("run/log/journal"), true));
            places.add(new Place(root.resolve("var/log/journal"), false));
        }
        return new JournalSettings(places, proc.resolve("sys/kernel/random/boot_id"), fromBeginning);
    }
}
