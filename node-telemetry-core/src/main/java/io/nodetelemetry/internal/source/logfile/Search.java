package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileStatus;
import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the files of a log that are to be read: at the beginning, and after each rotation. */
final class Search implements AutoCloseable {
    /** So many times a search is repeated because names move; then what was found has to do. */
    private static final int MAX_RESTLESS = 8;

    /**
     * File systems that another machine may write to (statfs(2)): NFS, SMB, CIFS, SMB2, FUSE, 9P, Ceph, AFS, Coda, Lustre,
     * OCFS2, GFS2.
     */
    private static final Set<Long> REMOTE = Set.of(
            0x6969L,
            0x517BL,
            0xFF534D42L,
            0xFE534D42L,
            0x65735546L,
            0x01021997L,
            0x00C36400L,
            0x5346414FL,
            0x73757245L,
            0x0BD00BD0L,
            0x7461636FL,
            0x01161970L);

    private final Bench bench;
    private final Place place;
    private final Beginning beginning;
    private final Generations generations;
    private final @Nullable HeldFiles held;
    private final Copies copies;
    private final Recovery recovery;

    /** Where the log was left, until that is found. */
    private @Nullable Bookmark mark;

    /** Whether a search was made: what is found later was made later. */
    private boolean begun;

    private boolean irregular;
    private int restless;

    /** Files that came to the log's name, as the kernel told, and those that were found; since both were even. */
    private int heard;

    private int found;
    private boolean heardAll = true;

    /** Whether some were found at the last settlement that were not heard of. */
    private boolean ahead;

    Search(
            Bench bench,
            Place place,
            Beginning beginning,
            Generations generations,
            @Nullable HeldFiles held,
            @Nullable Bookmark mark) {
        this.bench = bench;
        this.place = place;
        this.beginning = beginning;
        this.generations = generations;
        this.held = held;
        this.mark = mark;
        copies = new Copies(bench);
        recovery = new Recovery(bench, place, generations, held);
    }

    Copies copies() {
        return copies;
    }

    void heardOfNewFile() {
        heard++;
    }

    void heardNotAll() {
        heardAll = false;
    }

    /** Takes what another has opened; to be called before a file is done with, so that none is read again. */
    void takeHeld() throws ErrnoException, DescriptorLimitException {
        HeldFiles others = held;
        if (others == null) {
            return;
        }
        boolean took = false;
        for (Fd file = others.poll(); file != null; file = others.poll()) {
            if (generations.holds(status(file)) || !generations.hasRoom()) {
                file.close();
                continue;
            }
            bench.adopt(file);
            generations.insert(Generation.fromStart(bench, file));
            if (begun) {
                found++;
            }
            took = true;
        }
        // What came before the names were watched was not heard of, so it must not make up for what is missed later.
        begun |= took;
    }

    private FileStatus status(Fd file) throws ErrnoException {
        try {
            return bench.access.status(file);
        } catch (ErrnoException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Looks what there is and opens what is new.
     *
     * @return whether that is all; if not, the search is to be repeated after some reading
     */
    boolean run(LogWatches watches) throws IOException, DescriptorLimitException {
        watches.watchNames();
        String path = place.paths().getLast();
        List<Sibling> before = Siblings.of(place, path);
        Optional<Place.Found> log = log();
        try {
            if (mark != null) {
                resume(mark, path, before, log, watches);
            }
            Generation newest = generations.newest();
            if (newest != null
                    && log.isPresent()
                    && newest.status().isSameFile(log.get().status())) {
                stays(path, before, newest, log.get());
                return true;
            }
            List<Sibling> siblings = Siblings.of(place, path);
            if (!Siblings.areSame(before, siblings) && ++restless < MAX_RESTLESS) {
                // A rotation is under way, and names move: what is found may not be all.
                return false;
            }
            restless = 0;
            return openNew(path, siblings, log, watches);
        } finally {
            log.ifPresent(Place.Found::close);
        }
    }

    /** Goes on with the file in which the log was left, if it is there. */
    private void resume(
            Bookmark left, String path, List<Sibling> siblings, Optional<Place.Found> log, LogWatches watches)
            throws IOException, DescriptorLimitException {
        Optional<Fd> fd = Optional.empty();
        if (log.isPresent() && log.get().status().isSameFile(left.file())) {
            fd = Optional.of(bench.open(log.get().fd()));
            tellWhere(fd.get(), watches);
            // Nothing of what stands beside it was made of it since.
            copies.knowAll(siblings);
        } else {
            for (Sibling sibling : siblings) {
                if (fd.isEmpty() && sibling.status().isSameFile(left.file())) {
                    fd = Siblings.open(place, path, sibling);
                }
            }
        }
        if (fd.isPresent()) {
            generations.add(Generation.fromMark(bench, fd.get(), left));
            begun = true;
            mark = null;
            recovery.pass(siblings);
        }
    }

    private static void tellWhere(Fd log, LogWatches watches) throws ErrnoException {
        watches.setRemote(REMOTE.contains(Libc.statMagic(Path.of(FileAccess.magicPath(log)))));
    }

    /** The log is the file that it was, or one that another thread has opened. */
    private void stays(String path, List<Sibling> siblings, Generation newest, Place.Found log)
            throws IOException, DescriptorLimitException {
        if (found > 0 && heard > found) {
            // Before it came one that nobody opened, which would be taken for a copy.
            found += recovery.recoverPlain(heard - found);
        }
        copies.look(place, path, siblings, generations);
        if (found == 0) {
            // It was moved away and back.
            heard = 0;
        }
        if (log.status().bytes() > newest.status().bytes()) {
            // An overlay's file, opened before the first write to it, goes on to show what the lower layer holds.
            newest.reopened(bench.open(log.fd()));
        }
    }

    private boolean openNew(String path, List<Sibling> siblings, Optional<Place.Found> log, LogWatches watches)
            throws IOException, DescriptorLimitException {
        Generation newest = generations.newest();
        boolean fromStart = begun || beginning == Beginning.START;
        Succession succession;
        if (newest != null) {
            succession = Succession.after(newest.status(), siblings);
        } else if (mark != null) {
            succession = Succession.after(mark.file(), siblings);
        } else {
            succession = new Succession(fromStart ? unknown(siblings) : List.of(), OptionalInt.empty());
        }
        OptionalInt index = succession.index();
        for (Sibling sibling : succession.newer()) {
            if (generations.holds(sibling) || isSame(sibling, log)) {
                continue;
            }
            if (!generations.hasRoom()) {
                return false;
            }
            Optional<Fd> fd = Siblings.open(place, path, sibling);
            if (fd.isEmpty()) {
                return false;
            }
            generations.add(Generation.fromStart(bench, fd.get()));
            found++;
            watches.disarm();
            index = countGap(index, sibling.generation().index(), watches);
        }
        if (log.isPresent()) {
            if (!generations.hasRoom()) {
                return false;
            }
            Fd fd = bench.open(log.get().fd());
            generations.add(fromStart ? Generation.fromStart(bench, fd) : Generation.fromEnd(bench, fd));
            found++;
            countGap(index, OptionalInt.of(0), watches);
            watches.disarm();
            tellWhere(fd, watches);
        }
        copies.knowAll(siblings);
        mark = null;
        if (!begun) {
            begun = true;
            found = 0;
            heard = 0;
            recovery.pass(siblings);
        }
        return true;
    }

    private List<Sibling> unknown(List<Sibling> siblings) {
        return Succession.inOrder(
                siblings.stream().filter(sibling -> !copies.isKnown(sibling)).toList());
    }

    private static boolean isSame(Sibling sibling, Optional<Place.Found> log) {
        return log.isPresent() && log.get().status().isSameFile(sibling.status());
    }

    /** Numbers between those of two files that follow each other are of files that are gone. */
    private OptionalInt countGap(OptionalInt older, OptionalInt newer, LogWatches watches) {
        if (older.isPresent() && newer.isPresent() && (watches.isPolling() || !heardAll)) {
            int gone = older.getAsInt() - newer.getAsInt() - 1;
            if (gone > 0) {
                bench.count(Loss.MISSED_GENERATION, gone);
            }
        }
        return newer;
    }

    /** There is nothing to be found any more: what the kernel told of and was not found was missed. */
    void settle(LogWatches watches) throws IOException, DescriptorLimitException {
        boolean reliable = heardAll && !watches.isPolling();
        int missing = heard - found;
        heard = 0;
        // What another thread heard of first, this one hears of before it is here again.
        found = reliable && !ahead ? Math.max(0, -missing) : 0;
        ahead = found > 0;
        heardAll = true;
        if (reliable && missing > 0) {
            int recovered = 0;
            try {
                recovered = recovery.recover(missing);
            } finally {
                bench.count(Loss.MISSED_GENERATION, missing - recovered);
            }
        }
    }

    /** Nothing came for a while. */
    void rest() {
        if (held != null) {
            held.closePacked();
        }
    }

    /** The newest file was truncated: finds its copies. */
    void truncated() throws ErrnoException, DescriptorLimitException {
        String path = place.paths().getLast();
        copies.look(place, path, Siblings.of(place, path), generations);
        generations.truncated(copies);
    }

    /** What stands in the log's place, if it is a file. */
    private Optional<Place.Found> log() throws ErrnoException {
        Optional<Place.Found> log = begun ? place.log() : place.first();
        if (log.isEmpty() || place.mayBeLog(log.get())) {
            irregular = false;
            if (log.isEmpty() && heard > found && place.isLink()) {
                // What came was a link to nothing.
                heard = found;
            }
            return log;
        }
        log.get().close();
        if (!irregular) {
            irregular = true;
            found++;
            bench.count(Loss.NOT_REGULAR);
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        copies.close();
        place.close();
        if (held != null) {
            held.close();
        }
    }
}
