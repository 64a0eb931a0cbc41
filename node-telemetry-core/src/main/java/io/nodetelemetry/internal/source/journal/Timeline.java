package io.nodetelemetry.internal.source.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was taken of one journald's entries, wherever it keeps them, so that none counts twice. When {@code /var} becomes
 * writable, journald copies what it wrote to {@code /run}, in the same order and with the same times, and removes it
 * there; at any moment it writes to one of them alone. So an entry of {@code /var} from within the span of time that a file
 * of {@code /run} was read of is a copy.
 */
final class Timeline {
    /** journald keeps 100 files in {@code /run} at most: what older ones held cannot be copied any more. */
    private static final int MAX_SPANS = 256;

    /**
     * What was read of a file in {@code /run}; the last moment can have several entries. Between two files journald may have
     * written to {@code /var}, as it does when that is taken away and comes back.
     */
    private static final class Span {
        private final Object file;
        private final Id128 boot;
        private final long first;
        private long last;
        private long atLast;

        private Span(Object file, Id128 boot, long first) {
            this.file = file;
            this.boot = boot;
            this.first = first;
            last = first;
        }
    }

    private final Optional<Id128> currentBoot;
    private final Deque<Span> spans = new ArrayDeque<>();
    private long spansUntil = Long.MIN_VALUE;
    private boolean passedAny;
    private long passedUntil;
    private boolean passedAnyVolatile;
    private long volatilePassedUntil;
    private @Nullable Id128 sequence;
    private long lastNumber;

    /** Without the boot's id, what was written before the start and appears later is taken for new. */
    Timeline(Optional<Id128> currentBoot) {
        this.currentBoot = currentBoot;
    }

    /** All that a file holds was there before us. */
    void pass(JournalHeader header, boolean isVolatile) {
        if (header.entries() == 0) {
            return;
        }
        boolean thisBoot = currentBoot.isPresent() && header.lastBoot().equals(currentBoot.get());
        if (thisBoot && isVolatile) {
            volatilePassedUntil = Math.max(volatilePassedUntil, header.lastMonotonic());
            passedAnyVolatile = true;
        }
        if (thisBoot && (!passedAny || header.lastMonotonic() >= passedUntil)) {
            passedUntil = header.lastMonotonic();
            passedAny = true;
            reached(header.sequence(), header.lastNumber());
        }
    }

    /** Whether a file that appeared later was written to since this boot at all. */
    boolean canHoldNew(JournalHeader header) {
        return currentBoot.isEmpty() || header.lastBoot().equals(currentBoot.get());
    }

    /**
     * Whether an entry counts: it was written after we began and is no copy of one that was taken.
     *
     * @param late whether its file was not there when we began, so it may hold what is older
     */
    boolean isNew(EntryReader entry, boolean isVolatile, boolean late, boolean fromBeginning) {
        if (!fromBeginning) {
            // Of another boot are old entries, and those of systems in containers that keep their journals here.
            if (currentBoot.isPresent() && !entry.isOf(currentBoot.get())) {
                return false;
            }
            if (late && passedAny && entry.monotonic() < passedUntil) {
                return false;
            }
            if (!isVolatile && passedAnyVolatile && entry.monotonic() <= volatilePassedUntil) {
                return false;
            }
        }
        return isVolatile || !isCopy(entry);
    }

    private boolean isCopy(EntryReader entry) {
        long time = entry.monotonic();
        if (time > spansUntil) {
            return false;
        }
        for (Span span : spans) {
            if (time >= span.first && time <= span.last && entry.isOf(span.boot)) {
                if (time < span.last) {
                    return true;
                }
                if (span.atLast > 0) {
                    span.atLast--;
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Notes an entry that was taken out of {@code /run}.
     *
     * @param file the same for all entries of a file
     */
    void tookVolatile(EntryReader entry, Object file) {
        Span span = spans.peekLast();
        if (span == null || !span.file.equals(file) || !entry.isOf(span.boot) || entry.monotonic() < span.last) {
            if (spans.size() == MAX_SPANS) {
                spans.removeFirst();
            }
            span = new Span(file, entry.boot(), entry.monotonic());
            spans.addLast(span);
        }
        if (entry.monotonic() > span.last) {
            span.last = entry.monotonic();
            span.atLast = 0;
        }
        span.atLast++;
        spansUntil = Math.max(spansUntil, span.last);
    }

    /** Entries up to that number were taken, or counted as lost. */
    void reached(Id128 ofSequence, long number) {
        lastNumber = ofSequence.equals(sequence) ? Math.max(lastNumber, number) : number;
        sequence = ofSequence;
    }

    /**
     * How many entries were in files that came and went unseen, as the first number of a new file tells.
     *
     * @param others the other files that are open, whose entries are not lost
     */
    long missingBefore(Id128 ofSequence, long firstNumber, List<JournalHeader> others) {
        if (!ofSequence.equals(sequence)) {
            return 0;
        }
        long known = lastNumber;
        for (JournalHeader other : others) {
            if (other.sequence().equals(ofSequence) && other.firstNumber() < firstNumber) {
                known = Math.max(known, other.lastNumber());
            }
        }
        long missing = firstNumber - 1 - known;
        // A file that is full can use up a number without an entry, so one that is missing proves nothing.
        return missing > 1 ? missing : 0;
    }
}
