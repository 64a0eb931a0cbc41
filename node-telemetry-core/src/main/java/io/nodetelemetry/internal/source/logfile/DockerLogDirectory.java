package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.Inotify;
import io.nodetelemetry.internal.ffm.Scheduling;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
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

    /** Logs whose further files are opened. */
    private static final int MAX_KEPT = 4_096;

    private static final int MAX_DIRECTORIES = 16;
    private static final long TIDY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int ARRIVAL = Inotify.CREATE | Inotify.MOVED_TO | Inotify.ONLY_DIRECTORY;

    private final Inotify inotify;
    private final HeldFiles.Room room;
    private final LongSupplier nanos;
    private final Map<Path, Integer> watched = new HashMap<>();
    private final Map<Integer, Path> directories = new HashMap<>();
    /** The oldest first. */
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

    private final Map<Integer, KeptLog> kept = new HashMap<>();
    /** Made before their directory was watched, and not told of yet. */
    private final Queue<Path> missed = new ArrayDeque<>();

    private final FileAccess access = new FileAccess(1);
    private final AtomicLong dropped = new AtomicLong();
    private long tidiedAt;

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

    private record Waiting(String id, Path directory, long sinceNanos) {
        Path log() {
            return directory.resolve(id + "-json.log");
        }
    }

    private DockerLogDirectory(Inotify inotify, HeldFiles.Room room, LongSupplier nanos) {
        this.inotify = inotify;
        this.room = room;
        this.nanos = nanos;
        tidiedAt = nanos.getAsLong();
    }

    /**
     * Watches nothing yet.
     *
     * @param room for the files that are opened
     * @throws ErrnoException {@code EMFILE} if this process has as many files open as it may
     */
    public static DockerLogDirectory open(HeldFiles.Room room) throws ErrnoException {
        return open(room, System::nanoTime);
    }

    static DockerLogDirectory open(HeldFiles.Room room, LongSupplier nanos) throws ErrnoException {
        return new DockerLogDirectory(new Inotify(), room, nanos);
    }

    /**
     * Has the calling thread run as soon as something happens, however busy the machine is: what is not opened at once may
     * be gone.
     *
     * @throws ErrnoException {@code EPERM} without CAP_SYS_NICE
     */
    public static void hasten() throws ErrnoException {
        Scheduling.hasten();
    }

    /**
     * Watches a directory from now on. Nothing happens if it is watched already, or if there are too many.
     *
     * @param containers that holds a directory for each container, as this process can open it
     * @param since containers whose directories were made before are passed over
     * @return whether it is watched
     */
    public boolean watch(Path containers, Instant since) {
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
        madeSince(containers, since);
        return true;
    }

    /** Containers may begin while it is asked where their logs are. */
    private void madeSince(Path containers, Instant since) {
        try (DirectoryStream<Path> made = Files.newDirectoryStream(containers, DockerLogDirectory::isOfContainer)) {
            for (Path container : made) {
                BasicFileAttributes attributes = Files.readAttributes(container, BasicFileAttributes.class);
                if (!attributes.creationTime().toInstant().isBefore(since)) {
                    missed.add(container);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Containers that go meanwhile end it early; a log of those after them is read once Docker is asked for it.
            dropped.incrementAndGet();
        }
    }

    private static boolean isOfContainer(Path directory) {
        return ID.matcher(String.valueOf(directory.getFileName())).matches();
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
        for (Path container = missed.poll(); container != null; container = missed.poll()) {
            appeared(String.valueOf(container.getFileName()), container, to);
        }
        while (inotify.read((watch, mask, name) -> changed(watch, mask, name, to)) > 0) {
            // There may be more.
        }
        long now = nanos.getAsLong();
        if (now - tidiedAt >= TIDY_NANOS) {
            tidiedAt = now;
            tidyUp(now);
        }
    }

    private void tidyUp(long now) {
        kept.entrySet().removeIf(entry -> {
            boolean isRead = !entry.getValue().held().isClosed();
            if (!isRead) {
                inotify.unwatch(entry.getKey());
            }
            return !isRead;
        });
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
            KeptLog known = kept.get(watch);
            if (container != null && container.log().endsWith(name)) {
                waiting.remove(watch);
                begun(watch, container, to);
            } else if (known != null) {
                known.changed(name, access);
            }
        }
    }

    private void begun(int watch, Waiting container, Found to) {
        HeldFiles held = new HeldFiles(room);
        KeptLog begun = new KeptLog(container.log(), held);
        begun.changed(String.valueOf(container.log().getFileName()), access);
        keep(watch, begun);
        to.found(container.id(), container.log(), held);
    }

    private void keep(int watch, KeptLog log) {
        if (kept.size() < MAX_KEPT || kept.containsKey(watch)) {
            kept.put(watch, log);
        } else {
            inotify.unwatch(watch);
        }
    }

    /**
     * Opens the files that a log goes on in, from now on.
     *
     * @param held where they are put; nothing happens if it is closed already
     */
    public void hold(Path log, HeldFiles held) {
        Path directory = log.getParent();
        if (directory == null || held.isClosed()) {
            return;
        }
        int watch = inotify.watch(directory.toString(), ARRIVAL);
        if (watch >= 0) {
            waiting.remove(watch);
            keep(watch, new KeptLog(log, held));
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
        if (kept.containsKey(watch) || waiting.containsKey(watch)) {
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

    /** Logs whose files are opened. */
    int kept() {
        return kept.size();
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
