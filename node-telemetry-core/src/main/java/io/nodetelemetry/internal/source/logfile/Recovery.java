package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that were missed as they came to the log's name, and are still there: under another name, or packed. They are known
 * by what they begin with, as neither numbers nor times say what a packed file was.
 *
 * <p>Only beside logs of the host's: what a container packs is nobody's word.
 */
final class Recovery {
    /** Files beside a log that were there before it was read; those that are newer are packed first. */
    private static final int MAX_PASSED = 16;

    private final Bench bench;
    private final Place place;
    private final Generations generations;
    private final @Nullable HeldFiles held;
    private final byte[] start = new byte[FileStart.MAX_BYTES];

    /** Packed files that were there before the log was read. */
    private final Set<FileIdentity> passed = new HashSet<>();

    Recovery(Bench bench, Place place, Generations generations, @Nullable HeldFiles held) {
        this.bench = bench;
        this.place = place;
        this.generations = generations;
        this.held = held;
    }

    /** What is beside a log as reading begins, and is not read, is none that was missed, also if it is packed later. */
    void pass(List<Sibling> siblings) throws IOException, DescriptorLimitException {
        if (!(place instanceof HostPlace)) {
            return;
        }
        String path = place.paths().getLast();
        List<Sibling> newest = Succession.inOrder(siblings).reversed();
        for (Sibling sibling : newest.subList(0, Math.min(newest.size(), MAX_PASSED))) {
            Fd file = generations.holds(sibling)
                    ? null
                    : Siblings.open(place, path, sibling).orElse(null);
            if (file != null) {
                try {
                    int length = bench.access.read(file, 0, start, 0, start.length);
                    generations.pass(start, length);
                } finally {
                    bench.release(file);
                }
            }
        }
        Siblings.packed(place, path).forEach(packed -> passed.add(FileIdentity.of(packed.status())));
    }

    /**
     * Has files read that were missed.
     *
     * @param missing how many were
     * @return how many of them were found
     */
    int recover(int missing) throws IOException, DescriptorLimitException {
        int found = recoverPlain(missing);
        return found == missing ? found : found + recoverPacked(missing - found);
    }

    /** The same of those that are not packed. */
    int recoverPlain(int missing) throws IOException, DescriptorLimitException {
        if (!(place instanceof HostPlace)) {
            return 0;
        }
        String path = place.paths().getLast();
        int found = 0;
        for (Sibling sibling : Succession.inOrder(Siblings.of(place, path)).reversed()) {
            if (found == missing || !generations.hasRoom()) {
                break;
            }
            Fd file = generations.holds(sibling)
                    ? null
                    : Siblings.open(place, path, sibling).orElse(null);
            if (file != null && isUnread(file)) {
                generations.insert(Generation.fromStart(bench, file));
                found++;
            }
        }
        return found;
    }

    /** Closes one that is not. */
    private boolean isUnread(Fd file) throws IOException {
        boolean unread = false;
        try {
            unread = isUnread(bench.access.read(file, 0, start, 0, start.length));
            return unread;
        } finally {
            if (!unread) {
                bench.release(file);
            }
        }
    }

    private boolean isUnread(int length) throws IOException {
        return length > 0 && !generations.hasRead(start, length);
    }

    private int recoverPacked(int missing) throws IOException, DescriptorLimitException {
        if (!(place instanceof HostPlace)) {
            return 0;
        }
        List<PackedFile> candidates = new ArrayList<>();
        Deque<PackedFile> found = new ArrayDeque<>();
        try {
            find(place.paths().getLast(), candidates);
            candidates.sort(Comparator.comparingLong((PackedFile file) -> madeNanos(file.status()))
                    .reversed());
            for (PackedFile newest : candidates) {
                if (found.size() < missing && isUnread(newest.start(start))) {
                    found.addFirst(newest);
                }
            }
        } finally {
            candidates.stream().filter(candidate -> !found.contains(candidate)).forEach(PackedFile::close);
            found.forEach(generations::addPacked);
        }
        return found.size();
    }

    /** Each once. */
    private void find(String path, List<PackedFile> candidates) throws IOException, DescriptorLimitException {
        Set<FileIdentity> known = new HashSet<>(passed);
        if (held != null) {
            for (Fd file = held.pollPacked(); file != null; file = held.pollPacked()) {
                bench.adopt(file);
                add(file, known, candidates);
            }
        }
        for (Sibling sibling : Siblings.packed(place, path)) {
            Fd file = known.contains(FileIdentity.of(sibling.status()))
                    ? null
                    : Siblings.open(place, path, sibling).orElse(null);
            if (file != null) {
                add(file, known, candidates);
            }
        }
    }

    private void add(Fd file, Set<FileIdentity> known, List<PackedFile> candidates) throws IOException {
        PackedFile packed = new PackedFile(bench, file);
        if (known.add(FileIdentity.of(packed.status()))) {
            candidates.add(packed);
        } else {
            packed.close();
        }
    }

    private static long madeNanos(FileStatus status) {
        return status.bornNanos().orElse(status.modifiedNanos());
    }
}
