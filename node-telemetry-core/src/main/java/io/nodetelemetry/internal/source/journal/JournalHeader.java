package io.nodetelemetry.internal.source.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The beginning of a journal file; see "Journal File Format" of systemd's documentation.
 *
 * @param compact whether offsets within objects have 32 bits
 * @param archived whether nothing will be written to it any more
 * @param file which file it is, for good; a copy of its bytes has the same
 * @param sequence whose numbers the entries bear
 * @param lastBoot of which its last writer was
 * @param headerBytes where the first object can be
 * @param endBytes where the last object ends at most
 * @param lastObject where that one begins
 * @param entries how many are there to be read
 * @param firstNumber the sequence number of the first entry, 0 without entries
 * @param lastNumber that of the last one
 * @param entryArray where the first array of entries is, 0 without entries
 * @param firstRealtime when the first entry was written, in microseconds since 1970, 0 without entries
 * @param lastMonotonic when the last entry was written, in microseconds since the boot
 */
record JournalHeader(
        boolean compact,
        boolean archived,
        Id128 file,
        Id128 sequence,
        Id128 lastBoot,
        long headerBytes,
        long endBytes,
        long lastObject,
        long entries,
        long firstNumber,
        long lastNumber,
        long entryArray,
        long firstRealtime,
        long lastMonotonic) {
    /** What is read of it; all versions have that much. */
    static final int BYTES = 208;

    private static final byte[] SIGNATURE = "LPKSHHRH".getBytes(StandardCharsets.US_ASCII);
    private static final int COMPACT = 1 << 4;

    /** Compressed by XZ, LZ4, Zstandard; keyed hashes, of which we need none; compact. */
    private static final int KNOWN = (1 << 5) - 1;

    private static final int STATE_ARCHIVED = 2;

    /**
     * Reads a header.
     *
     * @param length how much of it was there
     * @return empty if it was not written yet, or not any more: a file that is removed can be emptied first
     */
    static Optional<JournalHeader> parse(byte[] bytes, int length) throws JournalFormatException {
        if (length < BYTES || isZero(bytes, SIGNATURE.length)) {
            return Optional.empty();
        }
        if (!Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new JournalFormatException("it does not begin as a journal file does");
        }
        long incompatible = LittleEndian.uint32(bytes, 12);
        if ((incompatible & ~KNOWN) != 0) {
            throw new JournalFormatException(
                    "it is of a newer format: incompatible flags 0x%x".formatted(incompatible));
        }
        long headerBytes = LittleEndian.int64(bytes, 88);
        long arenaBytes = LittleEndian.int64(bytes, 96);
        if (headerBytes < BYTES || headerBytes > 1 << 16 || arenaBytes < 0 || arenaBytes > 1L << 48) {
            throw new JournalFormatException("its sizes are impossible");
        }
        long entries = LittleEndian.int64(bytes, 152);
        // An entry takes 64 bytes and more.
        if (entries < 0 || entries > arenaBytes / 64) {
            throw new JournalFormatException("its number of entries is impossible: " + entries);
        }
        return Optional.of(new JournalHeader(
                (incompatible & COMPACT) != 0,
                bytes[16] == STATE_ARCHIVED,
                Id128.at(bytes, 24),
                Id128.at(bytes, 72),
                Id128.at(bytes, 56),
                headerBytes,
                headerBytes + arenaBytes,
                LittleEndian.int64(bytes, 136),
                entries,
                LittleEndian.int64(bytes, 168),
                LittleEndian.int64(bytes, 160),
                LittleEndian.int64(bytes, 176),
                LittleEndian.int64(bytes, 184),
                LittleEndian.int64(bytes, 200)));
    }

    private static boolean isZero(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Checks that an object can be there. */
    void checkPlace(long offset, long bytes) throws JournalFormatException {
        if (offset < headerBytes || (offset & 7) != 0 || bytes > endBytes || offset > endBytes - bytes) {
            throw new JournalFormatException("no object can be at 0x%x".formatted(offset));
        }
    }
}
