package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.source.journal.JournalObject.Compression;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Reads the entries of one file. What an entry brings of its own stands right before it, so one window that is read at
 * once holds hundreds of them; the values that it shares with older ones are remembered by their places.
 */
final class EntryReader {
    static final int ENTRY_BYTES = 64;

    /** journald refuses entries with more than 1 024 fields. */
    private static final int MAX_ITEMS = 2_048;

    private static final int DATA_BYTES = 64;
    private static final int COMPACT_DATA_BYTES = 72;
    private static final int ASIDE_BYTES = 1 << 12;

    /** What holds the beginning of any value that we want: 64 KiB, more when it is compressed. */
    private static final int MAX_VALUE_BYTES = FieldName.MAX_BYTES + JournalEntry.MAX_MESSAGE_BYTES + 1;

    private static final int MAX_PACKED_BYTES = 160 << 10;

    /** A message that comes back is remembered if it is no longer than that. */
    private static final int MAX_REMEMBERED_BYTES = 1 << 10;

    private final RandomBytes file;
    private final Workspace workspace;
    private final ByteWindow window;
    private final int itemBytes;
    private final int dataBytes;
    private final FieldCache cache = new FieldCache();
    private long previousEnd;
    private long number;
    private long realtime;
    private long monotonic;
    private int bootAt;
    private boolean packed;
    private boolean damaged;

    EntryReader(RandomBytes file, boolean compact, Workspace workspace) {
        this.file = file;
        this.workspace = workspace;
        window = workspace.window;
        itemBytes = compact ? 4 : 16;
        dataBytes = compact ? COMPACT_DATA_BYTES : DATA_BYTES;
    }

    /** The sequence number of the entry that was looked at last. */
    long number() {
        return number;
    }

    /** When it was written, in microseconds since 1970. */
    long realtime() {
        return realtime;
    }

    /** When it was written, in microseconds since the boot. */
    long monotonic() {
        return monotonic;
    }

    /** Whether it was written in that boot. */
    boolean isOf(Id128 boot) {
        return boot.isAt(window.bytes(), bootAt);
    }

    /** The boot in which it was written. */
    Id128 boot() {
        return Id128.at(window.bytes(), bootAt);
    }

    /** Whether a value of the entry that was read last could not be unpacked. */
    boolean packed() {
        return packed;
    }

    /** Whether a value of the entry that was read last is not what the format demands. */
    boolean damaged() {
        return damaged;
    }

    /** Looks at an entry: number and times. What is loaded stays valid as long as only entries in the header are read. */
    void open(long offset, JournalHeader header) throws IOException, JournalFormatException {
        header.checkPlace(offset, ENTRY_BYTES);
        cover(offset, ENTRY_BYTES, header);
        long size = JournalObject.size(window.bytes(), window.index(offset), JournalObject.ENTRY, ENTRY_BYTES);
        if (size > ENTRY_BYTES + (long) MAX_ITEMS * itemBytes) {
            throw new JournalFormatException("an entry of %d bytes".formatted(size));
        }
        cover(offset, size, header);
        byte[] bytes = window.bytes();
        int at = window.index(offset);
        number = LittleEndian.int64(bytes, at + 16);
        realtime = LittleEndian.int64(bytes, at + 24);
        monotonic = LittleEndian.int64(bytes, at + 32);
        bootAt = at + 40;
    }

    /** Takes the fields of the entry that was opened. */
    void read(long offset, JournalHeader header, JournalEntry entry) throws IOException {
        byte[] bytes = window.bytes();
        int at = window.index(offset);
        long size = LittleEndian.int64(bytes, at + 8);
        packed = false;
        damaged = false;
        entry.clear();
        int end = (int) (at + size);
        for (int item = at + ENTRY_BYTES; item + itemBytes <= end; item += itemBytes) {
            long place = itemBytes == 4 ? LittleEndian.uint32(bytes, item) : LittleEndian.int64(bytes, item);
            Field known = cache.get(place);
            if (known != null) {
                entry.field(known);
            } else {
                try {
                    value(place, header, entry);
                } catch (JournalFormatException e) {
                    damaged = true;
                }
            }
        }
        previousEnd = offset + size;
    }

    /** Loads the window such that an object is in it, and before it what came with an entry. */
    private void cover(long offset, long size, JournalHeader header) throws IOException, JournalFormatException {
        if (window.holds(file, offset, size)) {
            return;
        }
        header.checkPlace(offset, size);
        boolean near = offset >= previousEnd && offset + size - previousEnd <= ByteWindow.CAPACITY / 2;
        long from = near && previousEnd >= header.headerBytes() ? previousEnd : offset;
        // Behind the last object there is nothing yet.
        long end = Math.max(offset + size, header.lastObject() + ASIDE_BYTES);
        window.load(file, from, end - from);
        if (!window.holds(file, offset, size)) {
            window.load(file, offset, size);
        }
        if (!window.holds(file, offset, size)) {
            throw new JournalFormatException("an entry lies beyond the end");
        }
    }

    private void value(long place, JournalHeader header, JournalEntry entry)
            throws IOException, JournalFormatException {
        header.checkPlace(place, dataBytes);
        ByteWindow here = workspace.aside;
        if (window.holds(file, place, dataBytes)) {
            here = window;
        } else if (!here.holds(file, place, dataBytes)) {
            here.load(file, place, ASIDE_BYTES);
            if (!here.holds(file, place, dataBytes)) {
                throw new JournalFormatException("a value lies beyond the end");
            }
        }
        long size = JournalObject.size(here.bytes(), here.index(place), JournalObject.DATA, dataBytes) - dataBytes;
        header.checkPlace(place, dataBytes + size);
        Compression compression = JournalObject.compression(here.bytes(), here.index(place));
        int length = (int) Math.min(size, compression == Compression.NONE ? MAX_VALUE_BYTES : MAX_PACKED_BYTES);
        if (!here.holds(file, place, dataBytes + length)) {
            here = workspace.aside;
            here.load(file, place, dataBytes + length);
            if (!here.holds(file, place, dataBytes + length)) {
                throw new JournalFormatException("a value lies beyond the end");
            }
        }
        int from = here.index(place) + dataBytes;
        if (compression == Compression.NONE) {
            field(place, here.bytes(), from, from + length, length < size, here == window, entry);
            return;
        }
        OptionalInt unpacked = workspace.unpacking.unpack(compression, here.bytes(), from, length);
        if (unpacked.isEmpty()) {
            packed = true;
            return;
        }
        int all = unpacked.getAsInt();
        byte[] bytes = workspace.unpacking.bytes();
        field(place, bytes, 0, all, all == bytes.length, false, entry);
    }

    /**
     * Takes a field and remembers what will be asked for again.
     *
     * @param cut whether the value goes on beyond {@code to}
     * @param stays whether the bytes are there until the entry was taken
     */
    private void field(long place, byte[] bytes, int from, int to, boolean cut, boolean stays, JournalEntry entry) {
        FieldName name = FieldName.of(bytes, from, to);
        boolean own = place >= previousEnd;
        if (name == FieldName.OTHER) {
            if (!own) {
                cache.put(place, Field.OTHER);
            }
            return;
        }
        int start = from + name.prefixBytes();
        int end = Math.min(to, start + JournalEntry.MAX_MESSAGE_BYTES);
        boolean cutHere = cut || end < to;
        if (name == FieldName.MESSAGE && (own || end - start > MAX_REMEMBERED_BYTES)) {
            if (stays) {
                entry.message(bytes, start, end, cutHere);
            } else {
                entry.messageCopy(bytes, start, end, cutHere);
            }
            return;
        }
        Field field = Field.of(name, bytes, start, end, cutHere);
        cache.put(place, field);
        entry.field(field);
    }
}
