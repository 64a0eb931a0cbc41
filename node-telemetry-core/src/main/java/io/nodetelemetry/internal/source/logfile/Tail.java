package io.nodetelemetry.internal.source.logfile;

import java.util.Arrays;

/**
 * The last bytes that were read of a file. As long as they stand where they stood, the file is the one that it was: else
 * it was truncated and written anew.
 */
final class Tail {
    static final int BYTES = 512;

    private static final byte[] NONE = new byte[0];

    private byte[] bytes = NONE;

    int length() {
        return bytes.length;
    }

    /** Whether the bytes from an index on are these, so far as there are that many. */
    boolean matches(byte[] buffer, int from, int length) {
        int compared = Math.min(length, bytes.length);
        return Arrays.equals(buffer, from, from + compared, bytes, 0, compared);
    }

    /** Takes the last of what stands between two indexes, which begins with the tail so far. */
    void set(byte[] buffer, int from, int to) {
        int length = Math.min(to - from, BYTES);
        if (bytes.length != length) {
            bytes = new byte[length];
        }
        System.arraycopy(buffer, to - length, bytes, 0, length);
    }

    boolean endsLine() {
        return bytes.length == 0 || bytes[bytes.length - 1] == '\n';
    }

    void clear() {
        bytes = NONE;
    }

    Tail copy() {
        Tail copy = new Tail();
        copy.bytes = bytes.clone();
        return copy;
    }
}
