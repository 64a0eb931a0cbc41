package io.nodetelemetry.internal.source.journal;

import org.jspecify.annotations.Nullable;

/**
 * What stands at places of a file that entries refer to again and again. A new one takes the place of an old one that
 * falls on the same slot.
 */
final class FieldCache {
    private static final int BITS = 12;

    private final long[] offsets = new long[1 << BITS];
    private final @Nullable Field[] fields = new Field[1 << BITS];

    @Nullable
    Field get(long offset) {
        int slot = slot(offset);
        if (offsets[slot] == offset) {
            return fields[slot];
        }
        slot ^= 1;
        return offsets[slot] == offset ? fields[slot] : null;
    }

    void put(long offset, Field field) {
        int slot = slot(offset);
        if (offsets[slot] != 0 && offsets[slot] != offset) {
            // Two places for each: the newest is in its first one, and what was there moves on.
            offsets[slot ^ 1] = offsets[slot];
            fields[slot ^ 1] = fields[slot];
        }
        offsets[slot] = offset;
        fields[slot] = field;
    }

    private static int slot(long offset) {
        return (int) (((offset >>> 3) * 0x9e3779b97f4a7c15L) >>> (64 - BITS));
    }
}
