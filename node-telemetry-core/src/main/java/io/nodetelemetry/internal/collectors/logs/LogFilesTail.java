package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.Bookmark;
import io.nodetelemetry.internal.source.logfile.FollowedLog;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import io.nodetelemetry.internal.source.logfile.LineReceiver;
import io.nodetelemetry.internal.source.logfile.LogFileLimits;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.source.logfile.LogFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads log files as the kernel tells of their changes. */
final class LogFilesTail implements LogTail {
    private final LogFiles files;
    private boolean closed;

    private LogFilesTail(LogFiles files) {
        this.files = files;
    }

    static LogTail open() throws IOException {
        return new LogFilesTail(LogFiles.open(LogFileLimits.ofThisProcess()));
    }

    @Override
    public Followed follow(LogFileLocation where, Beginning at, LineReceiver to, @Nullable HeldFiles held) {
        return followed(files.follow(where, at, to, held));
    }

    @Override
    public Followed resume(LogFileLocation where, Bookmark mark, LineReceiver to) {
        return followed(files.resume(where, mark, to));
    }

    private static Followed followed(FollowedLog log) {
        return new Followed() {
            @Override
            public boolean isQuietFor(Duration time) {
                return log.isAtEnd() && log.quietNanos() >= time.toNanos();
            }

            @Override
            public void seenBy(LogFileLocation.InContainer where) {
                log.seenBy(where);
            }

            @Override
            public Optional<Bookmark> mark() {
                return log.mark();
            }

            @Override
            public void close() {
                log.close();
            }
        };
    }

    @Override
    public void await(Duration atMost) throws IOException {
        files.await(atMost);
    }

    @Override
    public boolean read() throws IOException {
        return files.read();
    }

    @Override
    public synchronized void wakeUp() {
        // The thread that reads may have closed it a moment ago.
        if (!closed) {
            files.wakeUp();
        }
    }

    @Override
    public Optional<String> degraded() {
        return files.degraded();
    }

    @Override
    public Map<String, Long> drops() {
        return files.drops();
    }

    @Override
    public synchronized void close() {
        closed = true;
        files.close();
    }
}
