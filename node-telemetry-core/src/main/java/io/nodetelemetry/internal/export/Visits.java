package io.nodetelemetry.internal.export;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Who is being served, and who has to go when there is no room or no progress. Safe for use by several threads; the
 * owner calls {@link #dropStalled} every now and then.
 */
final class Visits {
    private final ScrapeLimits limits;
    private final Set<Visit> present = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean closed;

    Visits(ScrapeLimits limits) {
        this.limits = limits;
        places = new Semaphore(limits.places(), true);
    }

    /** Takes in a new request; false if there is no room even after dropping the one that has stalled longest. */
    boolean admit(Visit visit) {
        if (closed || (present.size() >= limits.visits() && !dropLongestStalled(any -> true))) {
            return false;
        }
        present.add(visit);
        return true;
    }

    void leave(Visit visit) {
        visit.over();
        present.remove(visit);
    }

    /** Whether nobody is being served. */
    boolean isEmpty() {
        return present.isEmpty();
    }

    /** Waits for a place to write a scrape; false if none came free in time. To be given back by {@link #giveBack}. */
    boolean takePlace(Visit visit) throws InterruptedException {
        boolean taken = places.tryAcquire() || awaitPlace();
        if (taken) {
            visit.placed(true);
        }
        return taken;
    }

    private boolean awaitPlace() throws InterruptedException {
        long deadline = System.nanoTime() + limits.patience().toNanos();
        waiting.incrementAndGet();
        try {
            while (System.nanoTime() - deadline < 0) {
                makeRoom();
                if (places.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    void giveBack(Visit visit) {
        visit.placed(false);
        places.release();
    }

    /** Drops one scrape, unless as many are on their way out as wait for a place. */
    private synchronized void makeRoom() {
        long leaving = present.stream()
                .filter(visit -> visit.isPlaced() && visit.isDropped())
                .count();
        if (leaving < waiting.get()) {
            dropLongestStalled(Visit::isPlaced);
        }
    }

    private boolean dropLongestStalled(Predicate<Visit> which) {
        long now = System.nanoTime();
        Optional<Visit> longest = present.stream()
                .filter(which.and(visit -> !visit.isDropped()))
                .max(Comparator.comparingLong(visit -> visit.nanosWithoutProgress(now)));
        return longest.filter(visit -> exceeds(visit.nanosWithoutProgress(now), limits.evictable()))
                .map(this::drop)
                .orElse(false);
    }

    /** Drops whoever has taken nothing for too long, or is here for too long. */
    void dropStalled() {
        long now = System.nanoTime();
        for (Visit visit : present) {
            if (exceeds(visit.nanosWithoutProgress(now), limits.stalled())
                    || exceeds(visit.nanosSinceStart(now), limits.longest())) {
                drop(visit);
            }
        }
    }

    private boolean drop(Visit visit) {
        boolean first = visit.drop();
        if (first) {
            dropped.increment();
        }
        return first;
    }

    /** Ends all, and lets nobody in any more. */
    void close() {
        closed = true;
        present.forEach(Visit::drop);
    }

    int placesTaken() {
        return limits.places() - places.availablePermits();
    }

    /** How many were dropped since the start. */
    long dropped() {
        return dropped.sum();
    }

    private static boolean exceeds(long nanos, Duration limit) {
        return nanos > limit.toNanos();
    }
}
