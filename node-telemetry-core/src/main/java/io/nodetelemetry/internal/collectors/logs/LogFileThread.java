package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks for files to which logs are written, every ten seconds and when it is asked to. The file systems
 * of containers may keep it waiting, and nobody else. Its methods are for any thread.
 */
final class LogFileThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFileThread.class);

    /** Between two looks that nobody asked for. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Looks that are asked for are this many times as far apart as one takes, but not further than that. */
    private static final int EASE = 200;

    private static final long LONGEST_EASE_NANOS = Duration.ofSeconds(3).toNanos();

    /** After which a better way is tried again. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final List<Callable<? extends OpenLogLook>> ways;
    private final LogFileSearch search;
    private final Duration patience;
    private final Thread thread =
            Thread.ofPlatform().name("nodetelemetry-logfiles").daemon().unstarted(this::run);
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
     */
    LogFileThread(List<Callable<? extends OpenLogLook>> ways, LogFileSearch search) {
        this(ways, search, PATIENCE);
    }

    /** @param patience with a way that is not the best, or with none, before a better one is tried again */
    LogFileThread(List<Callable<? extends OpenLogLook>> ways, LogFileSearch search, Duration patience) {
        this.ways = ways;
        this.search = search;
        this.patience = patience;
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
        LockSupport.unpark(thread);
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
        return search.drops();
    }

    private void run() {
        try (search) {
            while (!closed) {
                long betterDue = System.nanoTime() + patience.toNanos();
                boolean works = false;
                for (Callable<? extends OpenLogLook> way : ways) {
                    works = works || closed || lookBy(way, betterDue);
                }
                while (!closed && !works && betterDue - System.nanoTime() > 0) {
                    LockSupport.parkNanos(betterDue - System.nanoTime());
                }
            }
        }
    }

    /** Returns whether it works: it did until a better one is due. */
    private boolean lookBy(Callable<? extends OpenLogLook> way, long betterDue) {
        boolean isBest = way.equals(ways.getFirst());
        try (OpenLogLook look = way.call()) {
            probe = look.probe();
            repeat(look, isBest, betterDue);
            return true;
        } catch (CollectorUnavailableException e) {
            worse(e);
        } catch (Throwable e) {
            // Errors too, such as a heap that was full for a moment: no thread may end unheard.
            if (!worse(e)) {
                LOG.warn("Files below /var/log are looked for in another way for a while, or not at all", e);
            }
        } finally {
            probe = Optional.empty();
        }
        return false;
    }

    /** Returns whether that is known already. */
    private boolean worse(Throwable e) {
        String before = whyWorse;
        whyWorse = "Files below /var/log that containers write to are looked for process by process, or not at all: "
                + e.getMessage();
        return whyWorse.equals(before);
    }

    /** Returns when this is closed or a better way is to be tried. */
    private void repeat(OpenLogLook look, boolean isBest, long betterDue) throws IOException {
        long due = System.nanoTime();
        long askedDue = due;
        while (!closed && (isBest || betterDue - System.nanoTime() > 0)) {
            long now = System.nanoTime();
            if ((asked ? askedDue : due) - now <= 0) {
                asked = false;
                seen = unchangedOr(search.choose(look.find()));
                whyWorse = isBest ? "" : whyWorse;
                long after = System.nanoTime();
                due = now + INTERVAL.toNanos();
                askedDue = after + Math.min(LONGEST_EASE_NANOS, EASE * (after - now));
            }
            long next = (asked ? askedDue : due) - System.nanoTime();
            LockSupport.parkNanos(Math.max(0, isBest ? next : Math.min(next, betterDue - System.nanoTime())));
        }
    }

    /** The same list says that nothing changed. */
    private List<SeenLog> unchangedOr(List<SeenLog> now) {
        return now.equals(seen) ? seen : now;
    }

    /** Returns at once; the thread ends after the look that it may be at. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
