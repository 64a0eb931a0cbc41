package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.ffm.Decompressor;
import io.nodetelemetry.internal.ffm.LibraryUnavailableException;
import io.nodetelemetry.internal.ffm.Lz4;
import io.nodetelemetry.internal.ffm.Xz;
import io.nodetelemetry.internal.ffm.Zstd;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Unpacks compressed values with the system's libraries, which are looked for when they are first needed. */
final class Unpacking implements AutoCloseable {
    /** Gives a library, or says why there is none. */
    @FunctionalInterface
    interface Library {
        Decompressor open() throws LibraryUnavailableException;
    }

    /** LZ4 blocks do not know their size: journald puts it before them, as {@code le64_t}. */
    private static final int LZ4_SIZE_BYTES = 8;

    private final byte[] unpacked = new byte[FieldName.MAX_BYTES + JournalEntry.MAX_MESSAGE_BYTES + 1];
    private final Library zstdLibrary;
    private final Library lz4Library;
    private final Library xzLibrary;
    private @Nullable Decompressor zstd;
    private @Nullable Decompressor lz4;
    private @Nullable Decompressor xz;
    private @Nullable String missing;

    Unpacking() {
        this(Zstd::open, Lz4::open, Xz::open);
    }

    Unpacking(Library zstdLibrary, Library lz4Library, Library xzLibrary) {
        this.zstdLibrary = zstdLibrary;
        this.lz4Library = lz4Library;
        this.xzLibrary = xzLibrary;
    }

    /** What was unpacked last, from index 0 on. */
    byte[] bytes() {
        return unpacked;
    }

    /** Unpacks the beginning of a value: how many bytes; empty if that is not possible. */
    OptionalInt unpack(JournalObject.Compression compression, byte[] from, int at, int length) {
        try {
            return switch (compression) {
                case ZSTD -> zstd().decompress(from, at, length, unpacked);
                case LZ4 ->
                    length <= LZ4_SIZE_BYTES
                            ? OptionalInt.empty()
                            : lz4().decompress(from, at + LZ4_SIZE_BYTES, length - LZ4_SIZE_BYTES, unpacked);
                case XZ -> xz().decompress(from, at, length, unpacked);
                case NONE -> throw new IllegalArgumentException("nothing to unpack");
            };
        } catch (LibraryUnavailableException e) {
            missing = e.getMessage();
            return OptionalInt.empty();
        }
    }

    private Decompressor zstd() throws LibraryUnavailableException {
        if (zstd == null) {
            zstd = zstdLibrary.open();
        }
        return zstd;
    }

    private Decompressor lz4() throws LibraryUnavailableException {
        if (lz4 == null) {
            lz4 = lz4Library.open();
        }
        return lz4;
    }

    private Decompressor xz() throws LibraryUnavailableException {
        if (xz == null) {
            xz = xzLibrary.open();
        }
        return xz;
    }

    /** Why some values cannot be unpacked, with the remedy. */
    Optional<String> missing() {
        return Optional.ofNullable(missing);
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
        if (lz4 != null) {
            lz4.close();
            lz4 = null;
        }
        if (xz != null) {
            xz.close();
            xz = null;
        }
    }
}
