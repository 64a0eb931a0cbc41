package io.nodetelemetry.internal.source.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A part of a file in memory. What is in it is as it was when it was loaded. */
final class ByteWindow {
    static final int CAPACITY = 1 << 18;

    private final byte[] bytes = new byte[CAPACITY];
    private @Nullable RandomBytes file;
    private long from;
    private int length;

    byte[] bytes() {
        return bytes;
    }

    /** Whether these bytes of the file are all here. */
    boolean holds(RandomBytes wanted, long position, long size) {
        return wanted.equals(file) && position >= from && size <= length && position - from <= length - size;
    }

    /** Where a byte of the file is in the array. */
    int index(long position) {
        return (int) (position - from);
    }

    /** Takes a part of the file in, as much of it as there is. */
    void load(RandomBytes source, long position, long size) throws IOException {
        forget();
        length = source.read(position, bytes, (int) Math.min(size, CAPACITY));
        from = position;
        file = source;
    }

    void forget() {
        file = null;
        length = 0;
    }
}
