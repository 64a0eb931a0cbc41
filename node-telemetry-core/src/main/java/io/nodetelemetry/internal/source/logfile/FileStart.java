package io.nodetelemetry.internal.source.logfile;

import java.util.zip.CRC32C;

/**
 * What a log file begins with: tells whether a file was read before, under another name or packed. Files that begin alike
 * are taken for the same, so none is read twice; a runtime's lines bear a time.
 *
 * @param length in bytes, at least 1
 * @param checksum of so many bytes
 */
record FileStart(int length, int checksum) {
    static final int MAX_BYTES = 4_096;

    /** The start of a file of which the bytes from an index on are the first ones. */
    static FileStart of(byte[] bytes, int from, int length) {
        int taken = Math.min(length, MAX_BYTES);
        return new FileStart(taken, checksum(bytes, from, taken));
    }

    /** Whether a file that begins with these bytes begins so. */
    boolean isOf(byte[] bytes, int from, int available) {
        return available >= length && checksum(bytes, from, length) == checksum;
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }
}
