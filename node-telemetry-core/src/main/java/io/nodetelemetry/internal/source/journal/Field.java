package io.nodetelemetry.internal.source.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A field that occurs in many entries, decoded once. */
final class Field {
    /** One that nobody asks for. */
    static final Field OTHER = new Field(FieldName.OTHER, new byte[0], false, Optional.empty(), 0);

    /** A cgroup's path has 4 095 bytes at most, as any path; names of units have 255. */
    private static final int MAX_PATH_BYTES = 4_095;

    private static final int MAX_NAME_BYTES = 255;

    private final FieldName name;
    private final byte[] bytes;
    private final boolean cut;
    private final Optional<String> text;
    private final long hash;

    private Field(FieldName name, byte[] bytes, boolean cut, Optional<String> text, long hash) {
        this.name = name;
        this.bytes = bytes;
        this.cut = cut;
        this.text = text;
        this.hash = hash;
    }

    /**
     * A value; what is too long is none, as a part of it would name something else.
     *
     * @param cut whether it goes on beyond {@code to}
     */
    static Field of(FieldName name, byte[] bytes, int from, int to, boolean cut) {
        if (name == FieldName.MESSAGE) {
            return new Field(name, Arrays.copyOfRange(bytes, from, to), cut, Optional.empty(), 0);
        }
        if (cut || to - from > (name == FieldName.CGROUP ? MAX_PATH_BYTES : MAX_NAME_BYTES)) {
            return OTHER;
        }
        return new Field(
                name,
                OTHER.bytes,
                false,
                Optional.of(new String(bytes, from, to - from, StandardCharsets.UTF_8)),
                hash(bytes, from, to));
    }

    FieldName name() {
        return name;
    }

    /** The message, if it is one. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether the message goes on beyond that. */
    boolean cut() {
        return cut;
    }

    /** The value, if it is no message. */
    Optional<String> text() {
        return text;
    }

    /** Of the value. */
    long hash() {
        return hash;
    }

    /** FNV-1a of 64 bits. */
    private static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
