package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An open file of a log and how far it is read. As long as it is open, no other file gets its inode. */
final class Generation implements AutoCloseable {
    /** What a read came to. */
    enum Progress {
        /** There was nothing new. */
        NOTHING,
        /** Something was read. */
        SOME,
        /** What was read before stands there no more: the file was truncated. Nothing was read. */
        TRUNCATED
    }

    private static final byte[] BLANK = new byte[Bench.CHUNK];

    private final Bench bench;
    private Fd fd;
    private LineSplitter lines;
    private Tail tail;
    private long position;
    private FileStatus seen;
    private boolean atEnd;
    private long lastDataNanos;
    private boolean failing;
    private long failingSince;
    private @Nullable FileStart start;

    /** Whether it is a copy of a file that was truncated: nobody writes to it any more. */
    private final boolean copy;

    private Generation(Bench bench, Fd fd, boolean copy) throws ErrnoException {
        this.bench = bench;
        this.fd = fd;
        this.copy = copy;
        lines = new LineSplitter(bench);
        tail = new Tail();
        lastDataNanos = bench.now();
        seen = bench.access.status(fd);
    }

    /** Begins with what the file holds. Takes over the descriptor, which is closed if this fails. */
    static Generation fromStart(Bench bench, Fd fd) throws ErrnoException {
        return make(bench, fd, false);
    }

    /**
     * Begins with what is written from now on. The rest of a line that is half written by now is passed over: half a line is
     * no line.
     */
    static Generation fromEnd(Bench bench, Fd fd) throws ErrnoException {
        Generation generation = make(bench, fd, false);
        try {
            generation.start = generation.start().orElse(null);
            generation.goTo(generation.seen.bytes());
            if (!generation.tail.endsLine()) {
                generation.lines.passRest();
            }
            return generation;
        } catch (ErrnoException | RuntimeException e) {
            generation.close();
            throw e;
        }
    }

    /** Begins where a file was left, which this is. The rest of a line that was given as it was then is passed over. */
    static Generation fromMark(Bench bench, Fd fd, Bookmark mark) throws ErrnoException {
        Generation generation = make(bench, fd, false);
        try {
            generation.start = generation.start().orElse(null);
            generation.position = mark.position();
            generation.tail = mark.tail();
            if (!generation.tail.endsLine()) {
                generation.lines.passRest();
            }
            return generation;
        } catch (ErrnoException | RuntimeException e) {
            generation.close();
            throw e;
        }
    }

    /** Where it is read to. */
    Bookmark mark() {
        return new Bookmark(seen, position, tail);
    }

    /** Begins with what a copy holds, of a file that was truncated. */
    static Generation ofCopy(Bench bench, Fd fd) throws ErrnoException {
        return make(bench, fd, true);
    }

    private static Generation make(Bench bench, Fd fd, boolean copy) throws ErrnoException {
        try {
            return new Generation(bench, fd, copy);
        } catch (ErrnoException | RuntimeException e) {
            bench.release(fd);
            throw e;
        }
    }

    private void goTo(long offset) throws ErrnoException {
        int wanted = (int) Math.min(offset, Tail.BYTES);
        int read = bench.access.read(fd, offset - wanted, bench.buffer, 0, wanted);
        tail.set(bench.buffer, 0, read);
        position = offset - wanted + read;
    }

    /** Goes on where another file was read to, with what there is of its last line. */
    void continueFrom(Generation other) throws ErrnoException {
        lines = other.lines;
        other.lines = new LineSplitter(bench);
        goTo(other.position);
    }

    /** Whether what was read of another file last stands here at the same offset, so far as this file goes. */
    boolean holdsTailOf(Generation other) throws ErrnoException {
        int length = other.tail.length();
        long from = other.position - length;
        int read = bench.access.read(fd, from, bench.buffer, 0, length);
        return (read > 0 || length == 0) && other.tail.matches(bench.buffer, 0, read);
    }

    /** Whether this file begins with all that another one, a smaller one, begins with. */
    boolean beginsLike(Generation other) throws ErrnoException {
        int length = bench.access.read(other.fd, 0, bench.buffer, 0, Tail.BYTES);
        Tail beginning = new Tail();
        beginning.set(bench.buffer, 0, length);
        int own = bench.access.read(fd, 0, bench.buffer, 0, length);
        return own == length && beginning.matches(bench.buffer, 0, own);
    }

    /** What it begins with, which is kept once it was read; empty if it is empty. */
    Optional<FileStart> start() throws ErrnoException {
        if (start != null) {
            return Optional.of(start);
        }
        byte[] first = new byte[FileStart.MAX_BYTES];
        int length = bench.access.read(fd, 0, first, 0, first.length);
        return length == 0 ? Optional.empty() : Optional.of(FileStart.of(first, 0, length));
    }

    /** The same if it was read or looked at; no file is. */
    Optional<FileStart> knownStart() {
        return Optional.ofNullable(start);
    }

    /** Begins anew, as the file does. What there is of a line goes on as it is. */
    void restart(LineReceiver receiver) {
        lines.end(receiver);
        tail.clear();
        start = null;
        position = 0;
        atEnd = false;
    }

    /** Reads on, so many bytes or somewhat more. */
    Progress read(long budget, LineReceiver receiver) throws ErrnoException {
        try {
            Progress progress = readOn(budget, receiver);
            failing = false;
            return progress;
        } catch (ErrnoException e) {
            if (!failing) {
                failing = true;
                failingSince = bench.now();
            }
            throw e;
        }
    }

    private Progress readOn(long budget, LineReceiver receiver) throws ErrnoException {
        FileStatus now = bench.access.status(fd);
        boolean unchanged = now.bytes() == seen.bytes() && now.modifiedNanos() == seen.modifiedNanos();
        seen = now;
        if (atEnd && unchanged && now.bytes() == position) {
            return Progress.NOTHING;
        }
        if (now.bytes() < position) {
            return Progress.TRUNCATED;
        }
        long end = position + budget;
        Progress progress = Progress.NOTHING;
        do {
            int known = tail.length();
            int from = bench.dataAt - known;
            int read = bench.access.read(fd, position - known, bench.buffer, from, known + Bench.CHUNK);
            if (read < known || !tail.matches(bench.buffer, from, known)) {
                return progress == Progress.NOTHING ? Progress.TRUNCATED : progress;
            }
            int fresh = read - known;
            atEnd = fresh < Bench.CHUNK;
            if (fresh > 0) {
                if (position == 0) {
                    start = FileStart.of(bench.buffer, from, fresh);
                }
                progress = Progress.SOME;
                lastDataNanos = bench.now();
                position += fresh;
                tail.set(bench.buffer, from, bench.dataAt + fresh);
                boolean mayBeHole = fresh == Bench.CHUNK && isBlank(from + known);
                lines.take(fresh, receiver);
                if (mayBeHole) {
                    passHole(now.bytes());
                }
            }
        } while (!atEnd && position < end);
        return progress;
    }

    /** Whether a chunk holds nothing but NULs. */
    private boolean isBlank(int from) {
        return Arrays.mismatch(bench.buffer, from, from + Bench.CHUNK, BLANK, 0, Bench.CHUNK) < 0;
    }

    /**
     * Goes on behind a hole, of which the NULs that were read last are the beginning: it may be of any size and take no room
     * on the disk. A file has one where it was truncated under a writer that does not append.
     */
    private void passHole(long end) throws ErrnoException {
        if (position < end) {
            position = Math.max(position, bench.access.dataFrom(fd, position).orElse(end));
        }
    }

    /** Whether every attempt to read it failed for so long. */
    boolean failedFor(long nanos) {
        return failing && bench.now() - failingSince > nanos;
    }

    /** Whether all that was there is read. */
    boolean isAtEnd() {
        return atEnd;
    }

    boolean isCopy() {
        return copy;
    }

    /** The offset up to which it is read. */
    long position() {
        return position;
    }

    /** When something was read of it last, or it was opened. */
    long lastDataNanos() {
        return lastDataNanos;
    }

    /** The file as it was when it was read last. */
    FileStatus seen() {
        return seen;
    }

    /** The file as it is. */
    FileStatus status() throws ErrnoException {
        return bench.access.status(fd);
    }

    Fd fd() {
        return fd;
    }

    /** Goes on with another descriptor of the same file. */
    void reopened(Fd other) {
        bench.release(fd);
        fd = other;
        atEnd = false;
    }

    /** Nothing follows: gives what there is of a line. */
    void end(LineReceiver receiver) {
        lines.end(receiver);
    }

    @Override
    public void close() {
        bench.release(fd);
    }
}
