package io.nodetelemetry.internal.ffm;

import java.util.OptionalLong;

/**
 * What statx(2) says of a file.
 *
 * @param device the file system, major number in the upper half
 * @param inode of the file in it; another file may bear the number once this one is unlinked and closed
 * @param bytes size
 * @param type what kind of file it is
 * @param links how many names it has; 0 when it is unlinked and lives only as long as it is open
 * @param modifiedNanos when its content changed last, nanoseconds since the epoch by the clock of the file system
 * @param bornNanos when it was made, by the same clock; empty where the file system does not keep that
 */
public record FileStatus(
        long device, long inode, long bytes, Type type, int links, long modifiedNanos, OptionalLong bornNanos) {
    /** Kinds of files (inode(7)). */
    public enum Type {
        REGULAR,
        DIRECTORY,
        /** A FIFO, a socket, a device or a symbolic link. */
        OTHER
    }

    /** Whether a block device holds its file system; several may, as with Btrfs, and then none is told. */
    public boolean isOnBlockDevice() {
        return device >>> Integer.SIZE != 0;
    }

    /** Whether both are of one file, provided that one of them is open still. */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
