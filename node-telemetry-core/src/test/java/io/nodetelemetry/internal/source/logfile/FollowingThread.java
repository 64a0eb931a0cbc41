package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A thread that follows one log as the agent's does, and counts each line that it is given. */
final class FollowingThread implements AutoCloseable, LineReceiver {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final LogFiles files;
    private final Thread thread;
    private final CountDownLatch followed = new CountDownLatch(1);
    private final Duration pause;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    /**
     * Returns when it follows.
     *
     * @param pause between two reads: a reader that is slow
     */
    FollowingThread(LogFileLocation log, Beginning at, Duration pause) throws Exception {
        this.pause = pause;
        files = LogFiles.open(SteppedLogFiles.LIMITS);
        thread = Thread.ofPlatform().name("follows").start(() -> run(log, at));
        followed.await();
    }

    private void run(LogFileLocation log, Beginning at) {
        try (files) {
            files.follow(log, at, this);
            while (!closed) {
                boolean more = files.read();
                followed.countDown();
                Thread.sleep(pause);
                if (!more) {
                    files.await(Duration.ofSeconds(10));
                }
            }
        } catch (Throwable t) {
            failure = t;
            followed.countDown();
        }
    }

    @Override
    public int room() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void line(byte[] buffer, int from, int to, boolean cut) {
        counts.merge(new String(buffer, from, to - from, UTF_8), 1, Integer::sum);
    }

    @Override
    public void skipped(long lines) {
        counts.merge("skipped", (int) lines, Integer::sum);
    }

    /** Each line once, and nothing else; nothing was dropped. */
    void hasReadOnce(List<String> lines) {
        hasReadOnceWhateverWasDropped(lines);
        assertThat(files.drops().values()).containsOnly(0L);
    }

    /** Each line once, and nothing else. */
    void hasReadOnceWhateverWasDropped(List<String> lines) {
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(counts.size()).as(files.drops().toString()).isGreaterThanOrEqualTo(lines.size()),
                () -> failure == null);
        Map<String, Integer> wrong = new TreeMap<>(counts);
        lines.forEach(line -> wrong.merge(line, -1, Integer::sum));
        wrong.values().removeIf(count -> count == 0);
        assertThat(wrong).isEmpty();
    }

    long losses() {
        return files.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        closed = true;
        files.wakeUp();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        assertThat(failure).isNull();
    }
}
