package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.Bookmark;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import io.nodetelemetry.internal.source.logfile.LineReceiver;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Gives the lines that a test puts into it, as a reader of files would. */
final class FakeTail implements LogTail {
    static final class Log implements Followed {
        final LogFileLocation where;
        final Beginning at;
        final LineReceiver to;
        final Queue<String> lines = new ArrayDeque<>();
        boolean closed;
        int seenBy;
        Duration quiet = Duration.ZERO;

        Log(LogFileLocation where, Beginning at, LineReceiver to) {
            this.where = where;
            this.at = at;
            this.to = to;
        }

        @Override
        public boolean isQuietFor(Duration time) {
            return lines.isEmpty() && quiet.compareTo(time) >= 0;
        }

        @Override
        public void seenBy(LogFileLocation.InContainer other) {
            seenBy = other.pid();
        }

        @Override
        public Optional<Bookmark> mark() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    final List<Log> logs = new ArrayList<>();
    /** What the next log holds when it is followed. */
    final List<String> existing = new ArrayList<>();

    Duration waited = Duration.ZERO;
    volatile boolean closed;

    Log log(String path) {
        return logs.stream()
                .filter(log -> !log.closed && log.where.toString().contains(path))
                .findFirst()
                .orElseThrow();
    }

    void write(String path, String... lines) {
        log(path).lines.addAll(List.of(lines));
    }

    @Override
    public Followed follow(LogFileLocation where, Beginning at, LineReceiver to, @Nullable HeldFiles held) {
        Log log = new Log(where, at, to);
        log.lines.addAll(existing);
        existing.clear();
        logs.add(log);
        return log;
    }

    @Override
    public Followed resume(LogFileLocation where, Bookmark mark, LineReceiver to) {
        throw new IllegalStateException("no log of this was left anywhere");
    }

    @Override
    public void await(Duration atMost) {
        waited = atMost;
    }

    @Override
    public boolean read() {
        for (Log log : logs) {
            int room = log.to.room();
            for (; room > 0 && !log.lines.isEmpty(); room--) {
                byte[] bytes = ("before" + log.lines.remove() + "behind").getBytes(StandardCharsets.UTF_8);
                log.to.line(bytes, 6, bytes.length - 6, false);
            }
            if (!log.lines.isEmpty()) {
                log.to.skipped(log.lines.size());
                log.lines.clear();
            }
        }
        return false;
    }

    @Override
    public void wakeUp() {}

    @Override
    public Optional<String> degraded() {
        return Optional.empty();
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of("truncated", 7L);
    }

    @Override
    public void close() {
        closed = true;
    }
}
