package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.logfile.DockerLogDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks for files to which logs are written, every ten seconds and when it is asked to, and hears of logs
 * that Docker begins. The file systems of containers may keep it waiting, and nobody else. Its methods are for any thread.
 */
final class LogFileThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFileThread.class);

    /** Between two looks that nobody asked for. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Looks that are asked for are this many times as far apart as one takes, but not further than that. */
    private static final int EASE = 200;

    private static final long LONGEST_EASE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int MAX_NEW_LOGS = 1_024;

    private final List<Callable<? extends OpenLogLook>> ways;
    private final LogFileSearch search;
    private final Runnable onNewLog;
    private final Thread thread =
            Thread.ofPlatform().name("nodetelemetry-logfiles").daemon().unstarted(this::run);
    private final Set<Path> dockerDirectories = ConcurrentHashMap.newKeySet();
    private final Queue<NewDockerLog> newLogs = new ArrayBlockingQueue<>(MAX_NEW_LOGS);
    private final AtomicLong newLogsDropped = new AtomicLong();
    private volatile @Nullable DockerLogDirectory docker;
    private volatile List<SeenLog> seen = List.of();
    private volatile String whyWorse = "";
    private volatile Optional<BpfProbe> probe = Optional.empty();
    private volatile boolean asked = true;
    private volatile boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param ways to look, best first; tried on the thread
     * @param search closed with this
     * @param onNewLog called on the thread when there is something for {@link #nextNewLog}
     */
    LogFileThread(List<Callable<? extends OpenLogLook>> ways, LogFileSearch search, Runnable onNewLog) {
        this.ways = ways;
        this.search = search;
        this.onNewLog = onNewLog;
    }

    void start() {
        thread.start();
    }

    /** What the last look found. */
    List<SeenLog> seen() {
        return seen;
    }

    /** Does not wait for the ten seconds to be over; some, if a look takes long. */
    void lookSoon() {
        asked = true;
        wakeUp();
    }

    /** A directory that holds one for each container of Docker, as this process can open it; it need not exist yet. */
    void listenTo(Path containers) {
        if (dockerDirectories.add(containers)) {
            wakeUp();
        }
    }

    /** A log that Docker began and that was not handed out yet; null if there is none. */
    @Nullable
    NewDockerLog nextNewLog() {
        return newLogs.poll();
    }

    /** Why not the best way is used; empty if it is. */
    Optional<String> degraded() {
        return whyWorse.isEmpty() ? Optional.empty() : Optional.of(whyWorse);
    }

    /** What is loaded; empty while that is nothing. */
    Optional<BpfProbe> probe() {
        return probe;
    }

    /** What is not read, by reason; zeros included. */
    Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(search.drops());
        DockerLogDirectory listening = docker;
        drops.put("new_docker_log", newLogsDropped.get() + (listening == null ? 0 : listening.dropped()));
        return drops;
    }

    private void run() {
        try (search;
                DockerLogDirectory listening = DockerLogDirectory.open()) {
            docker = listening;
            for (Callable<? extends OpenLogLook> way : ways) {
                lookBy(way, listening);
            }
            // No way works: what Docker tells can be heard still.
            repeat(null, listening);
        } catch (IOException e) {
            worse(e);
        }
    }

    private void lookBy(Callable<? extends OpenLogLook> way, DockerLogDirectory listening) {
        if (closed) {
            return;
        }
        try (OpenLogLook look = way.call()) {
            probe = look.probe();
            repeat(look, listening);
        } catch (CollectorUnavailableException e) {
            worse(e);
        } catch (Exception e) {
            LOG.warn("Files below /var/log are looked for in another way from now on, or not at all", e);
            worse(e);
        } finally {
            probe = Optional.empty();
        }
    }

    private void worse(Exception e) {
        whyWorse = "Files below /var/log that containers write to are looked for process by process, or not at all: "
                + e.getMessage();
    }

    /** Returns when this is closed. */
    private void repeat(@Nullable OpenLogLook look, DockerLogDirectory listening) throws IOException {
        long due = System.nanoTime();
        long askedDue = due;
        while (!closed) {
            long now = System.nanoTime();
            boolean isDue = (asked ? askedDue : due) - now <= 0;
            if (isDue) {
                asked = false;
            }
            // Who asks for a look after naming a directory can rely on both.
            dockerDirectories.forEach(listening::watch);
            listening.read(this::began);
            if (isDue) {
                seen = look == null ? List.of() : unchangedOr(search.choose(look.find()));
                long after = System.nanoTime();
                due = now + INTERVAL.toNanos();
                askedDue = after + Math.min(LONGEST_EASE_NANOS, EASE * (after - now));
            }
            listening.await(Duration.ofNanos(Math.max(0, (asked ? askedDue : due) - System.nanoTime())));
        }
    }

    /** The same list says that nothing changed. */
    private List<SeenLog> unchangedOr(List<SeenLog> now) {
        return now.equals(seen) ? seen : now;
    }

    private void began(String containerId, Path file) {
        if (!newLogs.offer(new NewDockerLog(containerId, file))) {
            newLogsDropped.incrementAndGet();
        }
        onNewLog.run();
    }

    private void wakeUp() {
        DockerLogDirectory listening = docker;
        if (listening != null) {
            listening.wakeUp();
        }
    }

    /** Returns at once; the thread ends after the look that it may be at. */
    @Override
    public void close() {
        closed = true;
        wakeUp();
    }
}
