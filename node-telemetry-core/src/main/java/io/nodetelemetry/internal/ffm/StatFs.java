package io.nodetelemetry.internal.ffm;

/**
 * What statfs(2) says of a file system, unchecked: a file system in user space answers what it likes.
 *
 * @param blockBytes {@code f_bsize}, the size of a transfer
 * @param fragmentBytes {@code f_frsize}, the unit of the three that follow; 0 stands for {@code blockBytes}
 * @param blocks {@code f_blocks}
 * @param freeBlocks {@code f_bfree}
 * @param availableBlocks {@code f_bavail}, those free for users other than root
 */
public record StatFs(long blockBytes, long fragmentBytes, long blocks, long freeBlocks, long availableBlocks) {}
