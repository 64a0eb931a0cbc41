package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.DockerLogDirectory;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that hears of logs which Docker begins, and does nothing else: a container that logs at full speed has its
 * first file rotated away within some hundredths of a second. Its methods are for any thread.
 */
final class DockerLogThread implements NewLogs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerLogThread.class);
    private static final int MAX_NEW_LOGS = 1_024;
    private static final int MAX_TO_HOLD = 4_096;
    /** File systems take the time of the last tick of the clock. */
    private static final Duration TICK = Duration.ofMillis(20);
    /** A directory may come into being, and an engine may start. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private static final long AFTER_FAULT_NANOS = Duration.ofSeconds(10).toNanos();

    private final Supplier<Optional<Path>> engine;
    private final Runnable onNewLog;
    private final Thread thread =
            Thread.ofPlatform().name("nodetelemetry-dockerlogs").daemon().unstarted(this::run);
    private final Set<Path> directories = ConcurrentHashMap.newKeySet();
    private final Queue<NewDockerLog> newLogs = new ArrayBlockingQueue<>(MAX_NEW_LOGS);
    private final Queue<Hold> toHold = new ArrayBlockingQueue<>(MAX_TO_HOLD);
    private final HeldFiles.Room room = HeldFiles.Room.ofThisProcess();
    private final AtomicLong dropped = new AtomicLong();
    private final Instant since;
    private volatile boolean named = true;
    /** Of the thread alone. */
    private long lookedAt;

    private volatile @Nullable DockerLogDirectory listening;
    private volatile String fault = "";
    private volatile boolean closed;

    private record Hold(Path log, HeldFiles held) {}

    /**
     * Starts nothing yet.
     *
     * @param engine asks where an engine keeps its containers; empty if there is none now. Called on the thread until it
     *     answers
     * @param onNewLog called on the thread when there is something for {@link #nextNewLog}
     */
    DockerLogThread(Supplier<Optional<Path>> engine, Runnable onNewLog) {
        this.engine = engine;
        this.onNewLog = onNewLog;
        since = Instant.now().minus(TICK);
    }

    void start() {
        thread.start();
    }

    @Override
    public void listenTo(Path containers) {
        if (directories.add(containers)) {
            named = true;
            wakeUp();
        }
    }

    @Override
    public HeldFiles hold(Path log) {
        HeldFiles held = new HeldFiles(room);
        // If there is no room, who reads the log looks for its files alone.
        if (toHold.offer(new Hold(log, held))) {
            wakeUp();
        }
        return held;
    }

    @Override
    public @Nullable NewDockerLog nextNewLog() {
        return newLogs.poll();
    }

    /** New containers whose log may not have been told of. */
    long dropped() {
        return dropped.get() + openDropped();
    }

    /** Why nothing is heard; empty if it is. */
    Optional<String> degraded() {
        return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
    }

    private void run() {
        hasten();
        try {
            while (!closed) {
                listen();
            }
        } finally {
            // Nobody takes them any more, nor puts something there.
            for (NewDockerLog log = newLogs.poll(); log != null; log = newLogs.poll()) {
                log.held().close();
            }
        }
    }

    /** Returns when this is closed, or some time after a fault. */
    private void listen() {
        try (DockerLogDirectory open = DockerLogDirectory.open(room)) {
            listening = open;
            fault = "";
            named = true;
            boolean answered = false;
            while (!closed) {
                hear(open);
                if (!answered) {
                    Optional<Path> containers = engine.get();
                    containers.ifPresent(this::listenTo);
                    answered = containers.isPresent();
                    hear(open);
                }
                open.await(BETWEEN_LOOKS);
            }
        } catch (Throwable e) {
            // Errors too, such as a heap that was full for a moment: no thread may end unheard.
            dropped.addAndGet(openDropped());
            listening = null;
            fault = "Containers of Docker that end within a second may not be read: " + e.getMessage();
            LOG.debug("New logs of Docker are not heard of", e);
            LockSupport.parkNanos(AFTER_FAULT_NANOS);
        }
    }

    private long openDropped() {
        DockerLogDirectory open = listening;
        return open == null ? 0 : open.dropped();
    }

    /** What it does not do at once may be too late, and on a machine that is busy others would run for long before it. */
    private static void hasten() {
        try {
            DockerLogDirectory.hasten();
        } catch (IOException e) {
            LOG.debug("Files of Docker's logs may be opened late", e);
        }
    }

    private void hear(DockerLogDirectory open) {
        long now = System.nanoTime();
        if (named || now - lookedAt >= BETWEEN_LOOKS.toNanos()) {
            named = false;
            lookedAt = now;
            directories.forEach(each -> open.watch(each, since));
        }
        for (Hold next = toHold.poll(); next != null; next = toHold.poll()) {
            open.hold(next.log(), next.held());
        }
        open.read(this::began);
    }

    private void began(String containerId, Path file, HeldFiles held) {
        if (!newLogs.offer(new NewDockerLog(containerId, file, held))) {
            held.close();
            dropped.incrementAndGet();
        }
        onNewLog.run();
    }

    private void wakeUp() {
        DockerLogDirectory open = listening;
        if (open != null) {
            open.wakeUp();
        }
    }

    /** Returns at once; the thread ends soon. */
    @Override
    public void close() {
        closed = true;
        wakeUp();
        LockSupport.unpark(thread);
    }
}
