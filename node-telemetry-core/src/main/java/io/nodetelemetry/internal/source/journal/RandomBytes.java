package io.nodetelemetry.internal.source.journal;

import java.io.IOException;

/** The bytes of a file, in any order. */
@FunctionalInterface
interface RandomBytes {
    /**
     * Reads from a place of the file.
     *
     * @return how many bytes were read: fewer than {@code length} where the file ends, 0 beyond its end
     */
    int read(long position, byte[] into, int length) throws IOException;
}
