package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The open files of a log: the current one, and those that it replaced and that are not done with. */
final class Generations implements AutoCloseable {
    /** A writer may go on with a file that was renamed until it opens the new one. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * Nobody may tell a program in a container that its log was rotated: it goes on with the file that was renamed. As long as
     * the new one is empty, that is waited for.
     */
    private static final long UNHEARD_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** A file that was deleted, and that no other replaced, keeps its blocks on the disk for so long at most. */
    private static final long UNLINKED_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** A file that cannot be read keeps those that came after it waiting for so long: a disk or a network may come back. */
    private static final long FAULT_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** As many as are packed and kept by those who keep many. */
    private static final int MAX_DONE = 64;

    private final Bench bench;
    private final LineReceiver receiver;
    private final boolean ofRuntime;
    private final Deque<Generation> files = new ArrayDeque<>();

    /** Files that were missed, and are read before the others. */
    private final Deque<PackedFile> packed = new ArrayDeque<>();

    /** What files begin with that are done with, or passed over. */
    private final Deque<FileStart> done = new ArrayDeque<>();

    private long replacedNanos;

    /** @param ofRuntime whether who writes to the log is who rotates it */
    Generations(Bench bench, LineReceiver receiver, boolean ofRuntime) {
        this.bench = bench;
        this.receiver = receiver;
        this.ofRuntime = ofRuntime;
    }

    @Nullable
    Generation newest() {
        return files.peekLast();
    }

    /** Where reading is to go on: what comes after a file is not read before its end. Empty if there is no file. */
    Optional<Bookmark> mark() {
        return files.stream()
                .filter(file -> !file.isAtEnd())
                .findFirst()
                .or(() -> Optional.ofNullable(newest()))
                .map(Generation::mark);
    }

    boolean holds(Sibling sibling) {
        return holds(sibling.status());
    }

    boolean holds(FileStatus status) {
        return files.stream().anyMatch(file -> file.seen().isSameFile(status));
    }

    int size() {
        return files.size();
    }

    /** A file that came after the newest so far. */
    void add(Generation successor) {
        replacedNanos = bench.now();
        files.addLast(successor);
    }

    /** A file that was the log for a while, in its place by the time it was made. */
    void insert(Generation file) {
        Deque<Generation> later = new ArrayDeque<>();
        while (!files.isEmpty() && isLater(files.getLast(), file)) {
            later.addFirst(files.removeLast());
        }
        add(file);
        files.addAll(later);
    }

    /** A packed file of which nothing was read. */
    void addPacked(PackedFile file) {
        packed.addLast(file);
    }

    /** A file that begins so is not read. */
    void pass(byte[] start, int length) {
        if (length > 0) {
            remember(FileStart.of(start, 0, length));
        }
    }

    private void remember(FileStart start) {
        done.addLast(start);
        if (done.size() > MAX_DONE) {
            done.removeFirst();
        }
    }

    /** Whether a file that begins so is being read, or was. */
    boolean hasRead(byte[] start, int length) throws ErrnoException {
        for (Generation file : files) {
            if (file.start().filter(own -> own.isOf(start, 0, length)).isPresent()) {
                return true;
            }
        }
        return done.stream().anyMatch(known -> known.isOf(start, 0, length));
    }

    private static boolean isLater(Generation file, Generation than) {
        return file.seen().bornNanos().orElse(0) > than.seen().bornNanos().orElse(0);
    }

    /** Whether one more may be open. Those that are read to their end make room for it. */
    boolean hasRoom() {
        while (files.size() >= bench.limits.maxGenerations()) {
            Generation oldest = files.getFirst();
            if (!oldest.isAtEnd()) {
                return false;
            }
            finish(files.removeFirst());
        }
        return true;
    }

    /** What a turn came to. */
    enum Turn {
        /** There was nothing new. */
        NOTHING,
        /** All is read. */
        SOME,
        /** There is more. */
        MORE,
        /** The newest was truncated. */
        TRUNCATED
    }

    /** Reads on, the oldest first: what comes after a file is not read before its end. */
    Turn read(long budget, Copies copies) throws ErrnoException {
        if (!packed.isEmpty()) {
            readPacked(budget);
            return Turn.MORE;
        }
        boolean some = false;
        Iterator<Generation> oldestFirst = files.iterator();
        while (oldestFirst.hasNext()) {
            Generation file = oldestFirst.next();
            boolean newest = file == files.peekLast();
            if (newest && copies.wasTruncatedAtStart(file)) {
                return Turn.TRUNCATED;
            }
            Generation.Progress progress;
            try {
                progress = file.read(budget, receiver);
            } catch (ErrnoException e) {
                if (newest || !file.failedFor(FAULT_NANOS)) {
                    throw e;
                }
                bench.count(Loss.MISSED_GENERATION);
                oldestFirst.remove();
                finish(file);
                return Turn.MORE;
            }
            switch (progress) {
                case NOTHING -> {}
                case SOME -> some = true;
                case TRUNCATED -> {
                    if (newest) {
                        return Turn.TRUNCATED;
                    }
                    bench.count(Loss.TRUNCATED);
                    file.restart(receiver);
                    return Turn.MORE;
                }
            }
            if (!file.isAtEnd()) {
                return Turn.MORE;
            }
            if (isDone(file, newest)) {
                oldestFirst.remove();
                finish(file);
            }
        }
        return some ? Turn.SOME : Turn.NOTHING;
    }

    private void readPacked(long budget) {
        PackedFile file = packed.getFirst();
        boolean more = false;
        try {
            more = file.read(budget, receiver);
        } catch (IOException e) {
            bench.count(Loss.MISSED_GENERATION);
        }
        if (!more) {
            file.end(receiver);
            packed.removeFirst().close();
        }
    }

    private boolean isDone(Generation file, boolean newest) {
        long quiet = bench.now() - file.lastDataNanos();
        if (newest) {
            return file.seen().links() == 0 && quiet > UNLINKED_NANOS;
        }
        return file.isCopy() || (quiet > graceNanos() && isSettled());
    }

    private long graceNanos() {
        Generation newest = files.peekLast();
        boolean isTaken = newest != null && newest.position() > 0;
        return isTaken || ofRuntime ? GRACE_NANOS : UNHEARD_NANOS;
    }

    /** Whether the last rotation is a while ago. */
    boolean isSettled() {
        return bench.now() - replacedNanos > GRACE_NANOS;
    }

    /** The newest was truncated: what its copies hold of it comes first, then what it holds now. */
    void truncated(Copies copies) throws ErrnoException {
        Generation file = files.removeLast();
        files.addAll(copies.claim(file));
        files.addLast(file);
        file.restart(receiver);
    }

    private void finish(Generation file) {
        file.knownStart().ifPresent(this::remember);
        file.end(receiver);
        file.close();
    }

    @Override
    public void close() {
        files.forEach(this::finish);
        files.clear();
        packed.forEach(PackedFile::close);
        packed.clear();
    }
}
