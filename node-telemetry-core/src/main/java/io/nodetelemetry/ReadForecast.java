package io.nodetelemetry;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Guesses when the snapshot will be read next from when it was read: scrapers and pushes come at regular times. With it
 * what is costly to read is read just before, rather than all the time or too early. With several readers the guess is
 * about the one whose turn it is as far as they alternate; a wrong guess costs freshness, nothing else.
 *
 * <p>Times are of {@link System#nanoTime}. Safe for threads.
 */
final class ReadForecast {
    /** A scrape may look at the snapshot several times. */
    private static final long SAME_READ = Duration.ofMillis(500).toNanos();

    private static final long SHORTEST_PERIOD = Duration.ofSeconds(2).toNanos();
    private static final long LONGEST_PERIOD = Duration.ofMinutes(10).toNanos();
    /** A reader that stayed away that many times is gone. */
    private static final int MISSED_PERIODS = 3;

    private int reads;
    private long last;
    private long period;

    /** The snapshot was read. */
    synchronized void read(long now) {
        if (reads > 0 && now - last < SAME_READ) {
            return;
        }
        period = now - last;
        last = now;
        reads = Math.min(reads + 1, 2);
    }

    /** When the next read is to be expected, at {@code now} or later; empty if the reads so far have no rhythm. */
    synchronized OptionalLong next(long now) {
        if (reads < 2 || period < SHORTEST_PERIOD || period > LONGEST_PERIOD) {
            return OptionalLong.empty();
        }
        long missed = Math.max(0, now - last - 1) / period;
        return missed > MISSED_PERIODS ? OptionalLong.empty() : OptionalLong.of(last + (missed + 1) * period);
    }

    /**
     * When the next turn should be: at its regular time, or sooner if a read is expected before.
     *
     * @param lead how long before the read
     */
    synchronized long turnBefore(long regular, long now, Duration lead) {
        // A read that is nearer than the lead is none to wait for: the turn that just ended was for it.
        OptionalLong read = next(now + lead.toNanos());
        return read.isPresent() && read.getAsLong() - lead.toNanos() - regular < 0
                ? read.getAsLong() - lead.toNanos()
                : regular;
    }
}
