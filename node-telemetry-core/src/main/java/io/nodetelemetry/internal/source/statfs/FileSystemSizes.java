package io.nodetelemetry.internal.source.statfs;

import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks file systems for their sizes, one after the other, on a thread named {@code nodetelemetry-statfs}. A call that
 * does not return within the deadline cannot be ended: its thread is left to it, its file system is not asked again
 * before it returned, and another thread takes over. No more than {@value #MAX_STUCK} threads are given up that way;
 * with one more stuck, nothing is asked until one comes back.
 *
 * <p>For one thread, which has to call {@link #check} now and then.
 */
public final class FileSystemSizes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileSystemSizes.class);

    /** After which a file system counts as hanging. */
    public static final Duration DEADLINE = Duration.ofSeconds(2);

    static final int MAX_STUCK = 4;

    private final MountReading.Reader reader;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Measurement> questions;
    private final Set<DeviceNumber> hanging = ConcurrentHashMap.newKeySet();
    private final List<Worker> stuck = new ArrayList<>();
    private final AtomicLong unanswered = new AtomicLong();
    private long refused;
    private @Nullable Worker current;
    private volatile boolean closed;

    /**
     * Nothing runs yet.
     *
     * @param capacity questions that can wait; more are refused and counted
     */
    public FileSystemSizes(int capacity) {
        this(capacity, MountReading::of, System::nanoTime);
    }

    /** The same with another kernel and clock. */
    public FileSystemSizes(int capacity, MountReading.Reader reader, LongSupplier nanoTime) {
        this.reader = reader;
        this.nanoTime = nanoTime;
        questions = new ArrayBlockingQueue<>(capacity);
    }

    /** Asks as soon as those before it are answered; false if too many wait. */
    public boolean submit(Measurement question) {
        check();
        boolean taken = questions.offer(question);
        if (!taken) {
            refused++;
        }
        return taken;
    }

    /** Looks whether the thread is stuck, and goes on with another one then. */
    public void check() {
        stuck.removeIf(Worker::isBack);
        Worker running = current;
        if (running != null && running.giveUp(nanoTime.getAsLong())) {
            stuck.add(running);
            current = null;
        }
        if (current == null && stuck.size() <= MAX_STUCK && !closed) {
            Worker next = new Worker();
            current = next;
            next.thread.start();
        }
        if (current == null) {
            refuseAll();
        }
    }

    private void refuseAll() {
        for (Measurement question = questions.poll(); question != null; question = questions.poll()) {
            unanswered.incrementAndGet();
            question.finish(new Measurement.Unanswered());
        }
    }

    /** What could not be had, since the start. */
    public Map<String, Long> drops() {
        return Map.of("hanging_file_system", unanswered.get(), "size_queue", refused);
    }

    /** Lets the threads end; one that is stuck ends when its file system answers or the process ends. */
    @Override
    public void close() {
        closed = true;
        questions.clear();
        Worker running = current;
        current = null;
        if (running != null) {
            running.thread.interrupt();
        }
    }

    /** What a worker is at. */
    private record Task(Measurement question, long sinceNanos) {}

    private final class Worker {
        private final Thread thread =
                Thread.ofPlatform().name("nodetelemetry-statfs").daemon().unstarted(this::run);
        private final Object lock = new Object();
        private @Nullable Task task;
        private boolean givenUp;
        private boolean back;

        private void run() {
            try {
                while (begin(questions.take())) {
                    // The next one.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** False if the thread is no longer wanted. */
        private boolean begin(Measurement question) {
            if (hanging.contains(question.device())) {
                unanswered.incrementAndGet();
                question.finish(new Measurement.Unanswered());
                return true;
            }
            synchronized (lock) {
                task = new Task(question, nanoTime.getAsLong());
            }
            Measurement.Outcome outcome = ask(question.path());
            synchronized (lock) {
                task = null;
                if (givenUp) {
                    hanging.remove(question.device());
                    back = true;
                }
                question.finish(outcome);
                return !givenUp && !closed;
            }
        }

        private Measurement.Outcome ask(String path) {
            try {
                return reader.read(path)
                        .<Measurement.Outcome>map(Measurement.Answered::new)
                        .orElseGet(Measurement.Gone::new);
            } catch (IOException e) {
                LOG.debug("no size", e);
                return new Measurement.Unanswered();
            } catch (RuntimeException e) {
                LOG.warn("size of {} could not be read", path, e);
                return new Measurement.Unanswered();
            }
        }

        /** True from the moment on at which it has been at one question for longer than the deadline. */
        boolean giveUp(long nowNanos) {
            synchronized (lock) {
                Task late = task;
                if (late == null || nowNanos - late.sinceNanos() < DEADLINE.toNanos()) {
                    return false;
                }
                givenUp = true;
                hanging.add(late.question().device());
                unanswered.incrementAndGet();
                late.question().finish(new Measurement.Unanswered());
                LOG.warn(
                        "the file system at {} has not answered statfs(2) for {} s; its size is left out until it does",
                        late.question().path(),
                        DEADLINE.toSeconds());
                return true;
            }
        }

        boolean isBack() {
            synchronized (lock) {
                return back;
            }
        }
    }
}
