package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the kernel is asked to tell of for one log: the directories of its paths, and its file while it is quiet. */
final class LogWatches implements AutoCloseable {
    /** What a change is to the log. */
    enum Change {
        /** Nothing. */
        NONE,
        /** Something was written to its file. */
        FILE,
        /** A file was made, moved or deleted that belongs to it. */
        NAMES,
        /** Another file stands in its place. */
        NEW_FILE
    }

    private enum Role {
        /** The log's file. */
        LOG,
        /** A symbolic link to it. */
        LINK,
        /** A directory on the way to it. */
        DIRECTORY
    }

    private record Awaited(String name, Role role) {
        Change changed(String changed, int mask) {
            if (changed.isEmpty()) {
                return Change.NAMES;
            }
            if (!changed.equals(name)) {
                return role == Role.LOG && GenerationName.of(changed, name).isPresent() ? Change.NAMES : Change.NONE;
            }
            boolean isNew = (mask & (Inotify.CREATE | Inotify.MOVED_TO)) != 0;
            return role == Role.LOG && isNew ? Change.NEW_FILE : Change.NAMES;
        }
    }

    private static final int MAX_LEVELS = 32;
    private static final int MAX_ATTEMPTS = 8;

    private final Watches kernel;
    private final Place place;
    private final FollowedLog log;

    /** What is awaited in a watched directory. */
    private Map<Integer, List<Awaited>> directories = Map.of();

    private OptionalInt file = OptionalInt.empty();
    private boolean namesRefused;
    private boolean fileRefused;
    private boolean remote;

    LogWatches(Watches kernel, Place place, FollowedLog log) {
        this.kernel = kernel;
        this.place = place;
        this.log = log;
    }

    /** Watches the directories in which the log's files are, or are to appear. */
    void watchNames() throws ErrnoException {
        List<String> paths = place.paths();
        Map<Integer, List<Awaited>> now = new HashMap<>();
        namesRefused = false;
        try {
            for (String path : paths) {
                watchNearest(path, path.equals(paths.getLast()) ? Role.LOG : Role.LINK, now);
            }
        } catch (ErrnoException e) {
            // What was watched before and what is by now is given back by the next search, or with the log.
            now.putAll(directories);
            directories = now;
            throw e;
        }
        for (int watch : directories.keySet()) {
            if (!now.containsKey(watch)) {
                kernel.release(watch, log);
            }
        }
        directories = now;
    }

    /** A directory may be made between the search for it and the watch on its parent: then the search is repeated. */
    private void watchNearest(String path, Role role, Map<Integer, List<Awaited>> watched) throws ErrnoException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            String awaited = watchNearestOnce(path, role, watched);
            if (awaited.equals(path)
                    || place.find(awaited).map(LogWatches::isThere).isEmpty()) {
                return;
            }
        }
    }

    private String watchNearestOnce(String path, Role role, Map<Integer, List<Awaited>> watched) throws ErrnoException {
        String awaited = path;
        for (int level = 0; level < MAX_LEVELS; level++) {
            Optional<Place.Found> directory = place.find(Place.parent(awaited));
            if (directory.isPresent()) {
                try (Place.Found found = directory.get()) {
                    OptionalInt watch = kernel.watchDirectory(found.fd(), log);
                    namesRefused |= watch.isEmpty();
                    if (watch.isPresent()) {
                        watched.computeIfAbsent(watch.getAsInt(), _ -> new ArrayList<>())
                                .add(new Awaited(Place.name(awaited), awaited.equals(path) ? role : Role.DIRECTORY));
                    }
                }
                return awaited;
            }
            awaited = Place.parent(awaited);
        }
        namesRefused = true;
        return path;
    }

    private static boolean isThere(Place.Found found) {
        found.close();
        return true;
    }

    /** Has the kernel tell of the next change to a file. Returns false if it is to do so already, or refuses to. */
    boolean arm(Generation newest) {
        if (file.isPresent()) {
            return false;
        }
        file = kernel.watchFile(newest.fd(), log);
        fileRefused = file.isEmpty();
        return file.isPresent();
    }

    /** Another file is the newest. */
    void disarm() {
        file.ifPresent(watch -> kernel.release(watch, log));
        file = OptionalInt.empty();
    }

    /** What it is to the log that the kernel told of. */
    Change changed(int watch, int mask, String name) {
        if (file.isPresent() && file.getAsInt() == watch) {
            // It was asked to tell once.
            kernel.release(watch, log);
            file = OptionalInt.empty();
            return Change.FILE;
        }
        Change change = Change.NONE;
        for (Awaited awaited : directories.getOrDefault(watch, List.of())) {
            Change own = awaited.changed(name, mask);
            change = own.compareTo(change) > 0 ? own : change;
        }
        return change;
    }

    /** The log's file is written on another machine as well, of which the kernel hears nothing. */
    void setRemote(boolean remote) {
        this.remote = remote;
    }

    boolean areRefused() {
        return namesRefused || fileRefused;
    }

    boolean isPolling() {
        return areRefused() || remote;
    }

    @Override
    public void close() {
        disarm();
        directories.keySet().forEach(watch -> kernel.release(watch, log));
        directories = Map.of();
    }
}
