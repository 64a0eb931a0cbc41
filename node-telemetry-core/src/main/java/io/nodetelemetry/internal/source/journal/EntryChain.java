package io.nodetelemetry.internal.source.journal;

import java.io.IOException;

/**
 * Walks over the arrays that name the entries of a file, in the order in which they were written. An array that is full
 * points to the next one, which lies behind it.
 */
final class EntryChain {
    private static final int ARRAY_HEADER_BYTES = JournalObject.HEADER_BYTES + 8;
    private static final int READ_BYTES = 4_096;

    /** Arrays grow: thousands of them hold more entries than any file. */
    private static final int MAX_ARRAYS = 1 << 16;

    private final RandomBytes file;
    private final int itemBytes;
    private final byte[] items = new byte[READ_BYTES];
    private long array;
    private long capacity;
    private long index;
    private long passed;
    private long itemsFrom;
    private long itemsTo;
    private int arrays;

    EntryChain(RandomBytes file, boolean compact) {
        this.file = file;
        itemBytes = compact ? 4 : 8;
    }

    /** How many entries it went past. */
    long passed() {
        return passed;
    }

    /**
     * The offset of the next entry; {@link #next()} goes past it.
     *
     * @param header says that there is one: more entries than were passed
     * @return 0 if it was not written after all
     */
    long peek(JournalHeader header) throws IOException, JournalFormatException {
        if (index == capacity) {
            nextArray(header);
        }
        if (index < itemsFrom || index >= itemsTo) {
            long wanted = Math.min(Math.min(capacity - index, header.entries() - passed), READ_BYTES / itemBytes);
            int read = file.read(
                    array + ARRAY_HEADER_BYTES + index * itemBytes, items, Math.toIntExact(wanted * itemBytes));
            itemsFrom = index;
            itemsTo = index + read / itemBytes;
            if (itemsTo == itemsFrom) {
                throw new JournalFormatException("an array of entries lies beyond the end");
            }
        }
        int at = (int) (index - itemsFrom) * itemBytes;
        long offset = itemBytes == 4 ? LittleEndian.uint32(items, at) : LittleEndian.int64(items, at);
        if (offset == 0) {
            itemsTo = itemsFrom;
        }
        return offset;
    }

    /** Goes past the entry that was looked at. */
    void next() {
        index++;
        passed++;
    }

    /** Goes past entries without looking at them, to the one with this number from the beginning. */
    void skipTo(long entry, JournalHeader header) throws IOException, JournalFormatException {
        while (passed < entry) {
            if (index == capacity) {
                nextArray(header);
            }
            long step = Math.min(capacity - index, entry - passed);
            index += step;
            passed += step;
        }
    }

    private void nextArray(JournalHeader header) throws IOException, JournalFormatException {
        long next = array == 0 ? header.entryArray() : pointer(array);
        if (next <= array || ++arrays > MAX_ARRAYS) {
            throw new JournalFormatException("the arrays of entries end too early");
        }
        header.checkPlace(next, ARRAY_HEADER_BYTES);
        readHeader(next);
        long size = JournalObject.size(items, 0, JournalObject.ENTRY_ARRAY, ARRAY_HEADER_BYTES + itemBytes);
        header.checkPlace(next, size);
        array = next;
        capacity = (size - ARRAY_HEADER_BYTES) / itemBytes;
        index = 0;
    }

    private long pointer(long of) throws IOException, JournalFormatException {
        readHeader(of);
        return LittleEndian.int64(items, JournalObject.HEADER_BYTES);
    }

    private void readHeader(long of) throws IOException, JournalFormatException {
        itemsTo = itemsFrom;
        if (file.read(of, items, ARRAY_HEADER_BYTES) < ARRAY_HEADER_BYTES) {
            throw new JournalFormatException("an array of entries lies beyond the end");
        }
    }
}
