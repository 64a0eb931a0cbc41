package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Copies of a log that are made before it is truncated. Each file that appears beside the log, while the log itself stays,
 * may be one. It is held open for a while, as it may be compressed and deleted as soon as the log is truncated.
 */
final class Copies implements AutoCloseable {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MAX_KNOWN = 1_024;

    private final Bench bench;
    private final Deque<Generation> candidates = new ArrayDeque<>();

    /** Files beside the log and when they were there last: a listing may miss one that is being renamed. */
    private final Map<FileIdentity, Long> known = new LinkedHashMap<>();

    Copies(Bench bench) {
        this.bench = bench;
    }

    /** What is there now is no copy of what comes. */
    void knowAll(List<Sibling> siblings) {
        close();
        know(siblings);
    }

    private void know(List<Sibling> siblings) {
        for (Sibling sibling : siblings) {
            FileIdentity identity = FileIdentity.of(sibling.status());
            known.remove(identity);
            known.put(identity, bench.now());
        }
        // Those that are there no more stand first.
        Iterator<Long> seen = known.values().iterator();
        while (seen.hasNext() && (bench.now() - seen.next() > KEPT_NANOS || known.size() > MAX_KNOWN)) {
            seen.remove();
        }
    }

    boolean isKnown(Sibling sibling) {
        return known.containsKey(FileIdentity.of(sibling.status()));
    }

    /** Opens what appeared since the last look. */
    void look(Place place, String path, List<Sibling> siblings, Generations held)
            throws ErrnoException, DescriptorLimitException {
        expire();
        List<Sibling> seen = new ArrayList<>(siblings);
        for (Sibling sibling : Succession.inOrder(siblings)) {
            if (isKnown(sibling) || held.holds(sibling)) {
                continue;
            }
            Optional<Fd> fd = Siblings.open(place, path, sibling);
            if (fd.isPresent()) {
                add(Generation.ofCopy(bench, fd.get()));
            } else {
                // It has another name by now, under which it is found next time.
                seen.remove(sibling);
            }
        }
        know(seen);
    }

    private void add(Generation candidate) {
        candidates.addLast(candidate);
        if (candidates.size() > bench.limits.maxGenerations()) {
            candidates.removeFirst().close();
        }
    }

    private void expire() {
        while (!candidates.isEmpty() && bench.now() - candidates.getFirst().lastDataNanos() > KEPT_NANOS) {
            candidates.removeFirst().close();
        }
    }

    /** Whether a file of which nothing was read yet was copied and truncated since. */
    boolean wasTruncatedAtStart(Generation log) throws ErrnoException {
        if (log.position() > 0) {
            return false;
        }
        for (Generation candidate : candidates) {
            long copied = candidate.status().bytes();
            if (copied > 0) {
                return log.status().bytes() < copied || !log.beginsLike(candidate);
            }
        }
        return false;
    }

    /**
     * What is to be read of copies before a file that was truncated, the oldest first: from where it was read to in its
     * copy, and whole what was copied after that. They are the caller's then.
     */
    List<Generation> claim(Generation log) throws ErrnoException {
        List<Generation> all = new ArrayList<>(candidates);
        candidates.clear();
        if (!all.isEmpty() && isOfWhatIsThere(all.getLast(), log)) {
            candidates.addLast(all.removeLast());
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).holdsTailOf(log)) {
                all.get(i).continueFrom(log);
                all.subList(0, i).forEach(Generation::close);
                return all.subList(i, all.size());
            }
        }
        bench.count(all.isEmpty() ? Loss.TRUNCATED : Loss.MISSED_GENERATION);
        return all;
    }

    /** Whether a copy is being made, or was, of what the file holds since it was truncated. */
    private static boolean isOfWhatIsThere(Generation copy, Generation log) throws ErrnoException {
        return copy.status().bytes() <= log.status().bytes() && log.beginsLike(copy);
    }

    @Override
    public void close() {
        candidates.forEach(Generation::close);
        candidates.clear();
    }
}
