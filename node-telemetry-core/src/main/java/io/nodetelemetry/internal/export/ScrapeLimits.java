package io.nodetelemetry.internal.export;

import java.time.Duration;

/**
 * How much clients may ask of the scrape server.
 *
 * @param visits connections with a request under way, waiting ones included; each costs some 20 KiB
 * @param places scrapes being written at once; each costs some 100 KiB, with gzip 400 KiB
 * @param evictable without progress for so long, a scrape makes room for another when all places are taken
 * @param patience how long a scrape waits for a place
 * @param stalled without progress for so long, a client is dropped
 * @param longest a request that takes longer is dropped, however steadily its client reads
 */
record ScrapeLimits(int visits, int places, Duration evictable, Duration patience, Duration stalled, Duration longest) {
    static final ScrapeLimits DEFAULT = new ScrapeLimits(
            256, 32, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(2));
}
