package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Inotify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Follows real files, in a time that the test makes pass. */
final class SteppedLogFiles implements AutoCloseable {
    static final LogFileLimits LIMITS = new LogFileLimits(100, 200, 16, 200, 1 << 16, 1 << 20);

    final LogFiles files;
    private long nanos;

    SteppedLogFiles() throws Exception {
        this(LIMITS);
    }

    SteppedLogFiles(LogFileLimits limits) throws Exception {
        this(limits, new KernelNotices(new Inotify()));
    }

    SteppedLogFiles(LogFileLimits limits, Notices notices) {
        files = new LogFiles(limits, notices, () -> nanos);
    }

    ReadLines follow(Path path, Beginning at) {
        ReadLines lines = new ReadLines();
        files.follow(new LogFileLocation.OnHost(path), at, lines);
        read();
        return lines;
    }

    /** Reads all that is to be read now. */
    void read() {
        int batches = 0;
        while (files.read()) {
            if (++batches > 100_000) {
                throw new AssertionError("reading does not end");
            }
        }
    }

    /** Lets time pass and reads. */
    void readAfter(Duration time) {
        nanos += time.toNanos();
        read();
    }

    /** What a busy log has written is read 100 ms later. */
    void readSoon() {
        readAfter(Duration.ofMillis(101));
    }

    long losses(Loss loss) {
        return Objects.requireNonNull(files.drops().get(loss.reason()));
    }

    @Override
    public void close() {
        files.close();
    }
}
