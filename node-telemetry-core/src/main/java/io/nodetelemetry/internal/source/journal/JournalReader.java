package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.source.journal.JournalDrops.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads the journals of a machine, system's and users', volatile and persistent, each entry once. The files are read
 * with pread(2): mapped into memory, as libsystemd does, a file that is vacuumed or on a failing disk ends the process.
 *
 * <p>For one thread. Nothing waits for journald, which does not know of us.
 */
public final class JournalReader implements AutoCloseable {
    private static final int MAX_DIRECTORIES = 64;

    /** Entries per call: some milliseconds. */
    private static final int BATCH = 4_096;

    private record Place(JournalSettings.Home home, Path directory, boolean isVolatile, ChangeTime change) {}

    /** One journald's entries, of which some can be in one place and some in the other. */
    private record Journal(JournalSettings.Home home, String name) {}

    private final boolean fromBeginning;
    private final Optional<Id128> boot;
    private final JournalDrops drops = new JournalDrops();
    private final Workspace workspace;
    private final List<Place> places = new ArrayList<>();
    private final Map<Path, JournalDirectory> directories = new LinkedHashMap<>();
    private final Map<Journal, Timeline> timelines = new HashMap<>();

    private JournalReader(JournalSettings settings, Unpacking unpacking, LongSupplier nanos) {
        fromBeginning = settings.fromBeginning();
        boot = bootId(settings.bootId());
        workspace = new Workspace(unpacking, nanos);
        for (JournalSettings.Home home : settings.homes()) {
            places.add(new Place(home, home.untilReboot(), true, new ChangeTime(home.untilReboot())));
            places.add(new Place(home, home.forGood(), false, new ChangeTime(home.forGood())));
        }
        list(true);
    }

    /** Opens the journals that are there. Where there are none, they are awaited. */
    public static JournalReader open(JournalSettings settings) {
        return open(settings, new Unpacking(), System::nanoTime);
    }

    static JournalReader open(JournalSettings settings, Unpacking unpacking, LongSupplier nanos) {
        return new JournalReader(settings, unpacking, nanos);
    }

    private static Optional<Id128> bootId(Path file) {
        try {
            return Id128.parse(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Gives what was written since the last call, a bounded number of entries.
     *
     * @return whether there may be more
     */
    public boolean read(JournalEntries to) {
        list(false);
        // What is copied from volatile ones is told by what was read of them.
        int looked = read(to, BATCH, true);
        looked += read(to, BATCH - looked, false);
        directories.values().removeIf(JournalDirectory::isGone);
        return looked >= BATCH;
    }

    private int read(JournalEntries to, int most, boolean isVolatile) {
        int looked = 0;
        for (JournalDirectory directory : directories.values()) {
            if (directory.isVolatile() == isVolatile && looked < most) {
                looked += directory.read(to, most - looked);
            }
        }
        return looked;
    }

    private void list(boolean first) {
        for (Place place : places) {
            if (place.change.sinceLastLook()) {
                look(place);
            }
        }
        directories.values().forEach(directory -> directory.list(first));
    }

    private void look(Place place) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place.directory, JournalReader::isJournal)) {
            for (Path path : found) {
                if (!directories.containsKey(path) && !isKnownByAnotherPath(path)) {
                    add(place, path);
                }
            }
        } catch (NoSuchFileException e) {
            // It may come.
        } catch (IOException | DirectoryIteratorException e) {
            drops.add(Reason.UNREADABLE_FILE, 1);
        }
    }

    /** The root directory of the first process may be our own. */
    private boolean isKnownByAnotherPath(Path path) throws IOException {
        for (Path known : directories.keySet()) {
            if (Files.isDirectory(known) && Files.isSameFile(known, path)) {
                return true;
            }
        }
        return false;
    }

    private void add(Place place, Path path) {
        if (directories.size() >= MAX_DIRECTORIES) {
            drops.add(Reason.FILE_OVERFLOW, 1);
            return;
        }
        Journal journal = new Journal(place.home, path.getFileName().toString());
        Timeline timeline = timelines.computeIfAbsent(journal, key -> new Timeline(boot));
        directories.put(path, new JournalDirectory(path, place.isVolatile, fromBeginning, timeline, workspace, drops));
    }

    /** A machine's id, followed by a dot and a name where a service has a journal of its own. */
    private static boolean isJournal(Path path) {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.');
        return Id128.parse(dot < 0 ? name : name.substring(0, dot)).isPresent() && Files.isDirectory(path);
    }

    /** What was not read, by reason. */
    public Map<String, Long> drops() {
        return drops.byReason();
    }

    /** Why some entries cannot be read, with the remedy; empty if nothing is amiss. */
    public Optional<String> degraded() {
        return workspace.unpacking.missing().map(reason -> "long messages of the journal are not read: " + reason);
    }

    /** Closes all files. */
    @Override
    public void close() {
        directories.values().forEach(JournalDirectory::close);
        directories.clear();
        workspace.close();
    }
}
