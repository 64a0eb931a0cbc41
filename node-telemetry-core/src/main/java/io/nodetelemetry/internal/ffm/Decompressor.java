package io.nodetelemetry.internal.ffm;

import java.util.OptionalInt;

/** A library that unpacks what was compressed. For one thread. */
public interface Decompressor extends AutoCloseable {
    /**
     * Unpacks the beginning of what is compressed, as much as there is room for.
     *
     * @param from where the compressed bytes are, {@code length} of them; cut short, their beginning is unpacked
     * @return how many bytes were written from index 0 of {@code to} on; empty if these are no compressed bytes
     */
    OptionalInt decompress(byte[] from, int at, int length, byte[] to);

    /** Frees what it holds. */
    @Override
    void close();
}
