package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileStatus;
import io.nodetelemetry.internal.ffm.Inotify;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Tells of logs that Docker begins, as it begins them: {@code containers/<id>/<id>-json.log} below its data directory, and
 * opens each file that such a log is continued in. A container that is removed as it ends takes its log along, maybe before
 * Docker was asked where that is; one that logs at full speed has its files rotated away within hundredths of a second. Who
 * has opened them can read them still.
 *
 * <p>For one thread, but {@link #wakeUp} and {@link #dropped}.
 */
public final class DockerLogDirectory implements AutoCloseable {
    /** Containers that were made and have no log yet: most get one within a moment. */
    static final int MAX_WAITING = 256;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a log is called once there is another one, until that is replaced, too. */
    private static final String JUST_REPLACED = ".1";

    /** Logs whose further files are opened. */
    private static final int MAX_KEPT = 4_096;

    private static final int MAX_DIRECTORIES = 16;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int ARRIVAL = Inotify.CREATE | Inotify.MOVED_TO | Inotify.ONLY_DIRECTORY;

    private final Inotify inotify;
    private final LongSupplier nanos;
    private final Map<Path, Integer> watched = new HashMap<>();
    private final Map<Integer, Path> directories = new HashMap<>();
    /** The oldest first. */
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

    private final Map<Integer, Kept> kept = new HashMap<>();
    private final FileAccess access = new FileAccess(1);
    private final AtomicLong dropped = new AtomicLong();

    /** Hears of new logs. */
    @FunctionalInterface
    public interface Found {
        /**
         * A container of Docker has a log.
         *
         * @param containerId 64 hexadecimal digits
         * @param file the log, as this process can open it
         * @param held its files, from the first one on, for who reads it; to be closed
         */
        void found(String containerId, Path file, HeldFiles held);
    }

    private record Kept(Path log, HeldFiles held) {}

    private record Waiting(String id, Path directory, long sinceNanos) {
        Path log() {
            return directory.resolve(id + "-json.log");
        }
    }

    private DockerLogDirectory(Inotify inotify, LongSupplier nanos) {
        this.inotify = inotify;
        this.nanos = nanos;
    }

    /**
     * Watches nothing yet.
     *
     * @throws ErrnoException {@code EMFILE} if this process has as many files open as it may
     */
    public static DockerLogDirectory open() throws ErrnoException {
        return open(System::nanoTime);
    }

    static DockerLogDirectory open(LongSupplier nanos) throws ErrnoException {
        return new DockerLogDirectory(new Inotify(), nanos);
    }

    /**
     * Watches a directory from now on; what is in it is passed over. Nothing happens if it is watched already, or if there
     * are too many.
     *
     * @param containers that holds a directory for each container, as this process can open it
     * @return whether it is watched
     */
    public boolean watch(Path containers) {
        if (watched.containsKey(containers)) {
            return true;
        }
        if (watched.size() >= MAX_DIRECTORIES) {
            return false;
        }
        int watch = inotify.watch(containers.toString(), ARRIVAL | Inotify.DELETE_SELF);
        if (watch < 0) {
            return false;
        }
        watched.put(containers, watch);
        directories.put(watch, containers);
        return true;
    }

    /** Waits until something happens, {@link #wakeUp} is called, or the time is over. */
    public void await(Duration atMost) throws ErrnoException {
        inotify.await(atMost.toNanos());
    }

    /** Ends the waiting that is under way, or the next one. For any thread. */
    public void wakeUp() {
        inotify.wakeUp();
    }

    /** Tells what happened since the last time. */
    public void read(Found to) {
        while (inotify.read((watch, mask, name) -> changed(watch, mask, name, to)) > 0) {
            // There may be more.
        }
        kept.entrySet().removeIf(entry -> {
            boolean isRead = !entry.getValue().held().isClosed();
            if (!isRead) {
                inotify.unwatch(entry.getKey());
            }
            return !isRead;
        });
        long now = nanos.getAsLong();
        while (!waiting.isEmpty()) {
            Map.Entry<Integer, Waiting> oldest = waiting.entrySet().iterator().next();
            if (now - oldest.getValue().sinceNanos() < PATIENCE.toNanos()) {
                break;
            }
            release(oldest.getKey());
        }
    }

    private void changed(int watch, int mask, String name, Found to) {
        if ((mask & Inotify.OVERFLOW) != 0) {
            dropped.incrementAndGet();
        } else if ((mask & Inotify.IGNORED) != 0) {
            waiting.remove(watch);
            kept.remove(watch);
            Path gone = directories.remove(watch);
            if (gone != null) {
                watched.remove(gone);
            }
        } else if (directories.containsKey(watch)) {
            if (ID.matcher(name).matches()) {
                appeared(name, directories.get(watch).resolve(name), to);
            }
        } else {
            Waiting container = waiting.get(watch);
            Kept known = kept.get(watch);
            if (container != null && container.log().endsWith(name)) {
                waiting.remove(watch);
                begun(watch, container, to);
            } else if (known != null && known.log().endsWith(name)) {
                hold(known, known.log());
            } else if (known != null && name.equals(known.log().getFileName() + JUST_REPLACED)) {
                // It was the log until now: there may have been no time to open it as such.
                hold(known, known.log().resolveSibling(name));
            }
        }
    }

    private void begun(int watch, Waiting container, Found to) {
        Kept begun = new Kept(container.log(), new HeldFiles());
        hold(begun, begun.log());
        if (kept.size() < MAX_KEPT) {
            kept.put(watch, begun);
        } else {
            inotify.unwatch(watch);
        }
        to.found(container.id(), container.log(), begun.held());
    }

    private void hold(Kept log, Path path) {
        try (Fd found = access.find(path.toString())) {
            if (access.status(found).type() == FileStatus.Type.REGULAR) {
                log.held().offer(access.open(found));
            }
        } catch (ErrnoException e) {
            // Gone already, or no file may be opened: who reads it looks for itself, and counts what it misses.
            return;
        }
    }

    private void appeared(String id, Path directory, Found to) {
        Waiting container = new Waiting(id, directory, nanos.getAsLong());
        int watch = inotify.watch(directory.toString(), ARRIVAL);
        if (watch < 0) {
            // Gone already, or there are no watches left.
            if (Files.exists(directory)) {
                dropped.incrementAndGet();
            }
            return;
        }
        // Looked for after the watch is there: it comes before this or is told of.
        if (Files.exists(container.log())) {
            begun(watch, container, to);
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            dropped.incrementAndGet();
            release(waiting.keySet().iterator().next());
        }
        waiting.put(watch, container);
    }

    private void release(int watch) {
        waiting.remove(watch);
        inotify.unwatch(watch);
    }

    /** New containers whose log may not have been told of. For any thread. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        inotify.close();
        access.close();
    }
}
