package io.nodetelemetry.internal.source.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was taken of one journald's entries, wherever it keeps them, so that none counts twice. When {@code /var} becomes
 * writable, journald copies what it wrote to {@code /run}, in the same order and with the same times, and removes it
 * there; at any moment it writes to one of them alone. So an entry of {@code /var} from within a span of time that was
 * read in {@code /run} is a copy.
 */
final class Timeline {
    private static final int MAX_SPANS = 64;

    /** A span of time that was read in {@code /run}; the last moment can have several entries. */
    private static final class Span {
        private final Id128 sequence;
        private final Id128 boot;
        private final long first;
        private long last;
        private long atLast;

        private Span(Id128 sequence, Id128 boot, long first) {
            this.sequence = sequence;
            this.boot = boot;
            this.first = first;
            last = first;
        }
    }

    private final Optional<Id128> currentBoot;
    private final Deque<Span> spans = new ArrayDeque<>();
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
            if (late && currentBoot.isPresent() && !entry.isOf(currentBoot.get())) {
                return false;
            }
            if (late && passedAny && entry.monotonic() < passedUntil) {
                return false;
            }
            if (!isVolatile
                    && passedAnyVolatile
                    && entry.monotonic() <= volatilePassedUntil
                    && currentBoot.isPresent()
                    && entry.isOf(currentBoot.get())) {
                return false;
            }
        }
        return isVolatile || !isCopy(entry);
    }

    private boolean isCopy(EntryReader entry) {
        if (spans.isEmpty()) {
            return false;
        }
        long time = entry.monotonic();
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

    /** Notes an entry that was taken out of {@code /run}. */
    void tookVolatile(EntryReader entry, Id128 ofSequence) {
        Span span = spans.peekLast();
        if (span == null
                || !span.sequence.equals(ofSequence)
                || !entry.isOf(span.boot)
                || entry.monotonic() < span.last) {
            if (spans.size() == MAX_SPANS) {
                spans.removeFirst();
            }
            span = new Span(ofSequence, entry.boot(), entry.monotonic());
            spans.addLast(span);
        }
        if (entry.monotonic() > span.last) {
            span.last = entry.monotonic();
            span.atLast = 0;
        }
        span.atLast++;
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
    long missingBefore(Id128 ofSequence, long firstNumber, Iterator<JournalHeader> others) {
        if (!ofSequence.equals(sequence)) {
            return 0;
        }
        long known = lastNumber;
        while (others.hasNext()) {
            JournalHeader other = others.next();
            if (other.sequence().equals(ofSequence) && other.firstNumber() < firstNumber) {
                known = Math.max(known, other.lastNumber());
            }
        }
        long missing = firstNumber - 1 - known;
        // A file that is full can use up a number without an entry, so one that is missing proves nothing.
        return missing > 1 ? missing : 0;
    }
}
