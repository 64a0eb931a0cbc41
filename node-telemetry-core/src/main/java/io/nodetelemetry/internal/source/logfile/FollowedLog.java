package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A log that is read as it grows, through all its rotations. Belongs to the thread of its {@link LogFiles}.
 *
 * <p>While nothing is written to it, the kernel is asked to tell of the next change. From then on it is read at intervals,
 * until nothing came for a second: a busy log wakes nobody up with each line.
 */
public final class FollowedLog implements AutoCloseable {
    /**
     * What is read of a log before others have their turn and what the kernel told is heard: while lines are counted, files
     * of a log that is rotated at full speed go, and code that is not compiled yet takes 20 µs for a line.
     */
    private static final long BATCH_BYTES = 1 << 16;

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often a log is looked at of which the kernel tells nothing. */
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often a log is looked at although the kernel would tell. */
    private static final long REPAIR_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Files that were replaced may still be written to for a while. */
    private static final long REPLACED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /**
     * So many searches a second are made at once: a log of 256 kB is rotated up to a hundred times. After that searching
     * takes a tenth of the time at most, whatever a container does to the names beside its log.
     */
    private static final int MAX_PROMPT_SEARCHES = 300;

    private static final int PAUSES_PER_SEARCH = 10;

    /**
     * Time that searches may take in a second before they pause, in a directory of a container's: it may hold any number of
     * names. Where a runtime keeps its logs nobody else makes files.
     */
    private static final long PROMPT_SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final LogFiles owner;
    private final Bench bench;
    private final Place place;
    private final Generations generations;
    private final Search search;
    private final LogWatches watches;

    private boolean admitted;
    private boolean searchDue = true;
    private long nextSearch;
    private long earliestSearch;
    private long searchesSince;
    private int searches;
    private long searchingNanos;
    private long due;
    private long lastDataNanos;
    private long backoffNanos;
    private boolean atEnd;
    private boolean closed;

    FollowedLog(
            LogFiles owner,
            Place place,
            Beginning beginning,
            LineReceiver receiver,
            Bench bench,
            Watches kernel,
            @Nullable HeldFiles held,
            @Nullable Bookmark mark) {
        this.owner = owner;
        this.bench = bench;
        this.place = place;
        generations = new Generations(bench, receiver, place.isOfRuntime());
        search = new Search(bench, place, beginning, generations, held, mark);
        watches = new LogWatches(kernel, place, this);
        due = bench.now();
        lastDataNanos = due;
        earliestSearch = due;
        searchesSince = due;
    }

    /** When it is to be read next, in the time of {@link Bench#now}. */
    long due() {
        return due;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the kernel refuses to tell of its changes. */
    boolean isPolled() {
        return admitted && watches.areRefused();
    }

    /** The kernel told of a change. Returns whether it is one of this log. */
    boolean changed(int watch, int mask, String name) {
        switch (watches.changed(watch, mask, name)) {
            case NONE -> {
                return false;
            }
            case FILE -> due = bench.now();
            case NAMES -> searchNow();
            case NEW_FILE -> {
                search.heardOfNewFile();
                searchNow();
            }
        }
        return true;
    }

    /** The kernel may not have told of all. */
    void overflowed() {
        search.heardNotAll();
        searchNow();
    }

    private void searchNow() {
        searchDue = true;
        due = bench.now();
    }

    /** Opens it, and reads nothing: what is written from now on is new. */
    void begin() {
        if (admit()) {
            searchDue = !search();
        }
    }

    /** Reads a batch. Returns whether there is more. */
    boolean turn() {
        if (closed || (!admitted && !admit())) {
            return false;
        }
        boolean complete = true;
        boolean settled = false;
        if (searchDue || bench.now() - nextSearch >= 0) {
            complete = bench.now() - earliestSearch >= 0 && search();
        } else {
            settled = true;
        }
        Generations.Turn turn;
        try {
            search.takeHeld();
            if (settled) {
                search.settle(watches);
            }
            turn = generations.read(BATCH_BYTES, search.copies());
            if (turn == Generations.Turn.TRUNCATED) {
                search.truncated();
                turn = Generations.Turn.MORE;
            }
        } catch (IOException | DescriptorLimitException e) {
            due = bench.now() + failed(e);
            return false;
        }
        schedule(turn);
        if (!complete) {
            searchDue = true;
            atEnd = false;
            due = turn == Generations.Turn.MORE ? due : Math.max(bench.now(), earliestSearch);
        }
        return due - bench.now() <= 0;
    }

    /** Returns whether all was found that there is to find now. */
    private boolean search() {
        searchDue = false;
        long begun = bench.now();
        try {
            search.takeHeld();
            boolean complete = search.run(watches);
            nextSearch = bench.now() + (watches.isPolling() ? POLL_NANOS : REPAIR_NANOS);
            backoffNanos = 0;
            return complete;
        } catch (IOException | DescriptorLimitException e) {
            nextSearch = bench.now() + failed(e);
            return true;
        } finally {
            paceSearches(begun);
        }
    }

    private void paceSearches(long begun) {
        long now = bench.now();
        if (now - searchesSince > QUIET_NANOS) {
            searchesSince = now;
            searches = 0;
            searchingNanos = 0;
        }
        searches++;
        searchingNanos += now - begun;
        boolean prompt =
                searches <= MAX_PROMPT_SEARCHES && (place.isOfRuntime() || searchingNanos <= PROMPT_SEARCH_NANOS);
        earliestSearch = prompt ? now : now + PAUSES_PER_SEARCH * (now - begun);
    }

    /** Counts it. Returns how long to wait before the next attempt, in nanoseconds. */
    private long failed(Exception e) {
        boolean limit = e instanceof DescriptorLimitException
                || (e instanceof ErrnoException errno
                        && (errno.errno() == Errno.EMFILE || errno.errno() == Errno.ENFILE));
        bench.count(limit ? Loss.DESCRIPTOR_LIMIT : Loss.UNREADABLE);
        backoffNanos = Math.clamp(2 * backoffNanos, POLL_NANOS, MAX_BACKOFF_NANOS);
        return backoffNanos;
    }

    private boolean admit() {
        admitted = owner.admit();
        if (!admitted) {
            due = bench.now() + POLL_NANOS;
        }
        return admitted;
    }

    private void schedule(Generations.Turn turn) {
        long now = bench.now();
        atEnd = turn != Generations.Turn.MORE;
        if (turn != Generations.Turn.NOTHING) {
            lastDataNanos = now;
            due = turn == Generations.Turn.MORE ? now : now + INTERVAL_NANOS;
            return;
        }
        if (now - lastDataNanos < QUIET_NANOS) {
            due = now + INTERVAL_NANOS;
            return;
        }
        search.rest();
        Generation newest = generations.newest();
        if (newest != null && watches.arm(newest)) {
            // What was written before the kernel was asked is read by the turn that follows at once.
            due = now;
        } else if (generations.size() > 1) {
            due = now + (generations.isSettled() ? POLL_NANOS : REPLACED_NANOS);
        } else {
            due = watches.isPolling() ? now + POLL_NANOS : nextSearch;
        }
    }

    /** Whether all that was there has been read, as far as is known. */
    public boolean isAtEnd() {
        return atEnd && !searchDue;
    }

    /** For how long nothing was read of it, in nanoseconds. */
    public long quietNanos() {
        return bench.now() - lastDataNanos;
    }

    /** Where {@link LogFiles#resume} can go on when this is closed; empty if there was no file. To be asked before. */
    public Optional<Bookmark> mark() {
        return generations.mark();
    }

    /** Has it looked at by the next {@link LogFiles#read}, whatever the kernel told. */
    public void lookNow() {
        searchNow();
    }

    /**
     * Another process of the container has the log open, at the same path: what replaces its file is looked for through
     * that one from now on. What is read already stays so.
     *
     * @throws IllegalStateException if the log is not in a container
     */
    public void seenBy(LogFileLocation.InContainer where) {
        if (!(place instanceof ContainerPlace container)) {
            throw new IllegalStateException("the log is on the host, not at " + where);
        }
        container.seenBy(where);
        searchNow();
    }

    /** Stops following. What there is of a line that is not finished goes on as it is. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watches.close();
            generations.close();
            search.close();
            if (admitted) {
                owner.leave();
            }
        }
    }
}
