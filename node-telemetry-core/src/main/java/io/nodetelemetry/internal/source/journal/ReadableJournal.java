package io.nodetelemetry.internal.source.journal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether there is a journal, and whether we may read it. */
public final class ReadableJournal {
    private ReadableJournal() {}

    /**
     * The first journal that has a file, in the order of the homes.
     *
     * @return empty if there is none
     * @throws IOException with the file's name if it cannot be read
     */
    public static Optional<Path> find(List<JournalSettings.Home> homes) throws IOException {
        for (JournalSettings.Home home : homes) {
            for (Path place : List.of(home.untilReboot(), home.forGood())) {
                for (Path directory : below(place, "*")) {
                    List<Path> files = below(directory, "*.journal");
                    if (!files.isEmpty()) {
                        ChannelBytes.open(files.getFirst()).close();
                        return Optional.of(directory);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> below(Path directory, String names) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, names)) {
            found.forEach(paths::add);
        }
        return paths;
    }
}
