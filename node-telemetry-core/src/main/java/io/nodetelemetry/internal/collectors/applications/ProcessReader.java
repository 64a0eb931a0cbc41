package io.nodetelemetry.internal.collectors.applications;

import io.nodetelemetry.internal.source.elf.Compiler;
import io.nodetelemetry.internal.source.procfs.CommandLine;
import io.nodetelemetry.internal.source.procfs.Executable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Looks at processes on a thread of its own: reading a command line takes a lock of the process's memory, and opening an
 * executable may wait for a network. When one look takes very long, another thread goes on with the next process.
 *
 * <p>All methods belong to one thread, that of the collector.
 */
final class ProcessReader implements AutoCloseable {
    private static final int CAPACITY = 4_096;
    private static final int MAX_STUCK = 3;

    private final Path procRoot;
    private final long patienceNanos;
    /** Bounded by the requests under way. */
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(CAPACITY);
    private final List<Worker> stuck = new ArrayList<>();
    private Worker worker;
    private long dropped;
    private long given;

    /**
     * A look that is asked for.
     *
     * @param pid the process
     * @param known the fingerprint of its command line at the last look; 0 at the first
     * @param sink told of the outcome
     */
    record Request(int pid, int known, Consumer<Look> sink) {}

    /**
     * What was seen.
     *
     * @param fingerprint of the command line; as before if nothing changed, and then the type says nothing
     * @param type what the process is; empty if that was not recognised or the process is gone
     */
    record Look(int fingerprint, Optional<String> type) {}

    private record Answer(Request request, Look look) {}

    /** Starts the thread. */
    ProcessReader(Path procRoot, Duration patience) {
        this.procRoot = procRoot;
        patienceNanos = patience.toNanos();
        worker = new Worker();
    }

    /** Asks for a look; false if too many are waited for. */
    boolean request(Request request) {
        boolean accepted = requests.offer(request);
        if (!accepted) {
            dropped++;
        }
        return accepted;
    }

    /** Hands over what was seen since the last call, and sees to it that there is somebody to look. */
    void drain() {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.request().sink().accept(answer.look());
        }
        stuck.removeIf(Worker::isIdle);
        if (worker.isOverdue() && stuck.size() < MAX_STUCK) {
            worker.retire();
            stuck.add(worker);
            given++;
            worker = new Worker();
        }
    }

    /** Looks that there was no room for. */
    long dropped() {
        return dropped;
    }

    /** Looks that took so long that they were left to themselves. */
    long overdue() {
        return given;
    }

    @Override
    public void close() {
        worker.retire();
        requests.clear();
    }

    private final class Worker implements Runnable {
        private final Thread thread;
        private volatile long since;
        private volatile boolean busy;
        private volatile boolean retired;

        Worker() {
            thread =
                    Thread.ofPlatform().name("nodetelemetry-processes").daemon().unstarted(this);
            thread.start();
        }

        @Override
        public void run() {
            while (!retired) {
                try {
                    Request request = requests.take();
                    since = System.nanoTime();
                    busy = true;
                    answers.add(new Answer(request, look(procRoot, request)));
                    busy = false;
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        boolean isOverdue() {
            return busy && System.nanoTime() - since > patienceNanos;
        }

        boolean isIdle() {
            return !thread.isAlive();
        }

        void retire() {
            retired = true;
            thread.interrupt();
        }
    }

    /** One look; never fails. */
    static Look look(Path procRoot, Request request) {
        try {
            byte[] line = CommandLine.read(procRoot, request.pid()).orElse(new byte[0]);
            int fingerprint = Arrays.hashCode(line);
            if (fingerprint == request.known()) {
                return new Look(fingerprint, Optional.empty());
            }
            CommandLine parsed = CommandLine.parse(line);
            if (parsed.words().isEmpty()) {
                return new Look(fingerprint, Optional.empty());
            }
            Optional<String> type = ApplicationType.of(parsed)
                    .or(() -> Executable.path(procRoot, request.pid()).flatMap(ApplicationType::ofExecutable));
            return new Look(fingerprint, type.isPresent() ? type : compiler(procRoot, request.pid()));
        } catch (IOException e) {
            // Not ours to read, such as a process of a confined guest.
            return new Look(request.known(), Optional.empty());
        }
    }

    private static Optional<String> compiler(Path procRoot, int pid) {
        try (SeekableByteChannel file = Executable.open(procRoot, pid).orElse(null)) {
            return file == null ? Optional.empty() : Compiler.of(file).map(ApplicationType::of);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
