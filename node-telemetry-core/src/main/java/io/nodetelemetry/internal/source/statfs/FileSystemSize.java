package io.nodetelemetry.internal.source.statfs;

import io.nodetelemetry.internal.ffm.StatFs;
import java.util.Optional;

/**
 * How large a file system is, as {@code df} counts.
 *
 * @param sizeBytes all of it
 * @param usedBytes what is not free
 * @param reservedBytes what is free for root alone
 */
public record FileSystemSize(long sizeBytes, long usedBytes, long reservedBytes) {
    /** Empty if the answer makes no sense: a negative number, more free than there is, or too much to count. */
    static Optional<FileSystemSize> of(StatFs answer) {
        long unit = answer.fragmentBytes() == 0 ? answer.blockBytes() : answer.fragmentBytes();
        long blocks = answer.blocks();
        long free = answer.freeBlocks();
        long available = answer.availableBlocks();
        if (unit <= 0
                || available < 0
                || available > free
                || free > blocks
                || Math.multiplyHigh(unit, blocks) != 0
                || unit * blocks < 0) {
            return Optional.empty();
        }
        return Optional.of(new FileSystemSize(unit * blocks, unit * (blocks - free), unit * (free - available)));
    }
}
