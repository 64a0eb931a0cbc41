package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows log files: gives each line once, through rotations of any kind, and says what could not be read. It waits without
 * polling where the kernel tells of changes.
 *
 * <p>Rotation by renaming: each file is read to its end under whatever name, then those that came after it in their order. A
 * file that is copied and truncated is read on in the copy. Of a file that is truncated without a copy, what was written
 * last may be lost, which is counted, as is a rotated file that is deleted or compressed before it was seen.
 *
 * <p>All belongs to one thread, but {@link #wakeUp} and {@link #drops}.
 */
public final class LogFiles implements AutoCloseable {
    /**
     * A directory may hold files that come and go by the thousand beside a log. What the kernel tells of files that belong
     * to no log wakes up this thread so many times in a second; then changes are left to gather.
     */
    private static final int MAX_IDLE_WAKE_UPS = 50;

    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Bench bench;
    private final Notices notices;
    private final Watches watches;
    private final List<FollowedLog> logs = new ArrayList<>();
    private int admitted;
    private boolean oursChanged;
    private int idleWakeUps;
    private long idleWakeUpsSince;

    LogFiles(LogFileLimits limits, Notices notices, LongSupplier nanos) {
        bench = new Bench(limits, nanos);
        this.notices = notices;
        watches = new Watches(notices, limits.maxWatches());
    }

    /**
     * Follows nothing yet.
     *
     * @throws ErrnoException {@code EMFILE} if this process has as many files open as it may
     */
    public static LogFiles open(LogFileLimits limits) throws ErrnoException {
        return new LogFiles(limits, new KernelNotices(new Inotify()), System::nanoTime);
    }

    /**
     * Follows a log, which need not exist yet. It is opened at once and read by {@link #read}. More than
     * {@link LogFileLimits#maxLogs} wait until another one is closed, which is counted.
     */
    public FollowedLog follow(LogFileLocation where, Beginning at, LineReceiver to) {
        return follow(where, at, to, null);
    }

    /**
     * Follows a log whose files another opens as they come.
     *
     * @param held read from their start; closed with the log; null if there are none
     */
    public FollowedLog follow(LogFileLocation where, Beginning at, LineReceiver to, @Nullable HeldFiles held) {
        return follow(where, at, to, held, null);
    }

    /**
     * Follows a log that was left: reads on where that was, or, if that file is gone, from the start of what came after it.
     */
    public FollowedLog resume(LogFileLocation where, Bookmark mark, LineReceiver to) {
        return follow(where, Beginning.START, to, null, mark);
    }

    private FollowedLog follow(
            LogFileLocation where, Beginning at, LineReceiver to, @Nullable HeldFiles held, @Nullable Bookmark mark) {
        FollowedLog log = new FollowedLog(this, Place.of(where, bench), at, to, bench, watches, held, mark);
        logs.add(log);
        if (admitted >= bench.limits.maxLogs()) {
            bench.count(Loss.LOG_LIMIT);
        }
        log.begin();
        return log;
    }

    boolean admit() {
        if (admitted >= bench.limits.maxLogs()) {
            return false;
        }
        admitted++;
        return true;
    }

    void leave() {
        admitted--;
    }

    /** Waits until there may be something to read, {@link #wakeUp} is called, or the time is over. */
    public void await(Duration atMost) throws ErrnoException {
        long now = bench.now();
        long wait = atMost.toNanos();
        for (FollowedLog log : logs) {
            wait = Math.min(wait, log.due() - now);
        }
        if (wait <= 0) {
            return;
        }
        if (idleWakeUps > MAX_IDLE_WAKE_UPS) {
            notices.awaitBell(Math.min(wait, GATHER_NANOS));
        } else {
            notices.await(wait);
        }
    }

    /**
     * Reads a batch of each log that has something.
     *
     * @return whether there is more
     */
    public boolean read() {
        hear();
        logs.removeIf(FollowedLog::isClosed);
        boolean more = false;
        // A receiver may follow or close logs.
        for (FollowedLog log : List.copyOf(logs)) {
            if (log.due() - bench.now() <= 0) {
                more |= log.turn();
            }
        }
        return more;
    }

    private void hear() {
        oursChanged = false;
        boolean changed = false;
        while (notices.read(this::changed) > 0) {
            changed = true;
        }
        if (bench.now() - idleWakeUpsSince > TimeUnit.SECONDS.toNanos(1)) {
            idleWakeUpsSince = bench.now();
            idleWakeUps = 0;
        }
        if (changed && !oursChanged) {
            idleWakeUps++;
        }
    }

    private void changed(int watch, int mask, String name) {
        if ((mask & Inotify.OVERFLOW) != 0) {
            oursChanged = true;
            logs.forEach(FollowedLog::overflowed);
            return;
        }
        for (FollowedLog log : watches.listeners(watch)) {
            oursChanged |= log.changed(watch, mask, name);
        }
        if ((mask & Inotify.IGNORED) != 0) {
            watches.ended(watch);
        }
    }

    /** Has the thread that waits return at once. Any thread may call it. */
    public void wakeUp() {
        notices.wakeUp();
    }

    /** Why some logs are not followed as well as could be, and what to do about it. */
    public Optional<String> degraded() {
        return watches.degraded(logs.stream().filter(FollowedLog::isPolled).count());
    }

    /** How often something was not read, by reason, since the start. Any thread may call it. */
    public Map<String, Long> drops() {
        return bench.losses();
    }

    /** Stops following all logs; lines that are not finished go on as they are. */
    @Override
    public void close() {
        logs.forEach(FollowedLog::close);
        logs.clear();
        notices.close();
        bench.close();
    }
}
