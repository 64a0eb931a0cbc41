package io.nodetelemetry.internal.source.journal;

/** What all objects of a journal file begin with: type, flags and size. */
final class JournalObject {
    static final int HEADER_BYTES = 16;

    static final int DATA = 1;
    static final int ENTRY = 3;
    static final int ENTRY_ARRAY = 6;

    private static final int[] COMPRESSIONS = {0, 1, 2, 4};

    private JournalObject() {}

    /**
     * The size of an object in bytes, its header included.
     *
     * @param smallest what an object of this type needs
     */
    static long size(byte[] bytes, int at, int type, long smallest) throws JournalFormatException {
        long size = LittleEndian.int64(bytes, at + 8);
        if (bytes[at] != type || size < smallest) {
            throw new JournalFormatException(
                    "no object of type %d but one of type %d with %d bytes".formatted(type, bytes[at], size));
        }
        return size;
    }

    /** How the content is compressed. */
    static Compression compression(byte[] bytes, int at) throws JournalFormatException {
        int flags = bytes[at + 1] & 0xff;
        for (int i = 0; i < COMPRESSIONS.length; i++) {
            if (flags == COMPRESSIONS[i]) {
                return Compression.ALL[i];
            }
        }
        throw new JournalFormatException("compressed in an unknown way: flags 0x%x".formatted(flags));
    }

    /** How a value is compressed, in the order of the flags. */
    enum Compression {
        NONE,
        XZ,
        LZ4,
        ZSTD;

        private static final Compression[] ALL = values();
    }
}
