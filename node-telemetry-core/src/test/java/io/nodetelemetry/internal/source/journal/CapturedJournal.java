package io.nodetelemetry.internal.source.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A journal file that journald wrote, and a root directory in which it is read. */
final class CapturedJournal {
    static final String MACHINE = "0123456789abcdef0123456789abcdef";

    private static final Path CAPTURED = Path.of("src/test/resources/journal");

    private CapturedJournal() {}

    static byte[] bytes(String name) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(CAPTURED.resolve(name + ".journal.gz")))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where journald has its volatile files below a root directory. */
    static Path volatileDirectory(Path root) {
        return directory(root.resolve("run/log/journal"));
    }

    /** Where journald has its persistent files below a root directory. */
    static Path persistentDirectory(Path root) {
        return directory(root.resolve("var/log/journal"));
    }

    private static Path directory(Path place) {
        try {
            return Files.createDirectories(place.resolve(MACHINE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JournalReader reader(Path root, boolean fromBeginning) {
        return JournalReader.open(JournalSettings.below(List.of(root), Path.of("/proc"), fromBeginning));
    }

    /** All that there is to read now. */
    static TakenEntries readAll(JournalReader reader) {
        TakenEntries taken = new TakenEntries();
        while (reader.read(taken)) {
            // There is more.
        }
        return taken;
    }
}
