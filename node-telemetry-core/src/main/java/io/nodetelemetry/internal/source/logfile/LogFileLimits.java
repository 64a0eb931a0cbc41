package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Libc;

/**
 * Bounds of what is read, so that nothing on the machine makes the reader take more. What is beyond them is counted.
 *
 * @param maxLogs logs that are followed at once
 * @param maxDescriptors files that are open at once
 * @param maxGenerations files of one log that are open at once, the current one and those it replaced
 * @param maxWatches files and directories for which the kernel tells of changes; the others are looked at each second
 * @param maxLineBytes how much of a line is kept
 * @param maxUnfinishedBytes memory for the beginnings of lines that are not finished yet, of all logs
 */
public record LogFileLimits(
        int maxLogs, int maxDescriptors, int maxGenerations, int maxWatches, int maxLineBytes, int maxUnfinishedBytes) {
    private static final int SHARE_OF_DESCRIPTORS = 8;

    public LogFileLimits {
        if (maxGenerations < 2) {
            throw new IllegalArgumentException("maxGenerations must be 2 at least: " + maxGenerations);
        }
        if (maxLineBytes < 1) {
            throw new IllegalArgumentException("maxLineBytes must be 1 at least: " + maxLineBytes);
        }
    }

    /** An eighth of the files that this process may have open, and what is ample otherwise. */
    public static LogFileLimits ofThisProcess() {
        int descriptors = (int) Math.min(Libc.maxOpenFiles() / SHARE_OF_DESCRIPTORS, 1 << 16);
        return new LogFileLimits(4_096, descriptors, 64, 1 << 16, 1 << 16, 1 << 24);
    }
}
