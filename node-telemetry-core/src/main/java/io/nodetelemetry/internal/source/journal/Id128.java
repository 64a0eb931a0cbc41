package io.nodetelemetry.internal.source.journal;

import java.util.HexFormat;
import java.util.Optional;

/** An id of 128 bits, such as that of a boot. */
record Id128(long high, long low) {
    /** The id in the array, in its order of bytes. */
    static Id128 at(byte[] bytes, int at) {
        return new Id128(
                Long.reverseBytes(LittleEndian.int64(bytes, at)), Long.reverseBytes(LittleEndian.int64(bytes, at + 8)));
    }

    /** An id of 32 hexadecimal digits, with or without dashes; empty if it is none. */
    static Optional<Id128> parse(String text) {
        String digits = text.strip().replace("-", "");
        if (digits.length() != 32 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(
                new Id128(HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigitsToLong(digits, 16, 32)));
    }

    /** Whether the array holds this id there. */
    boolean isAt(byte[] bytes, int at) {
        return high == Long.reverseBytes(LittleEndian.int64(bytes, at))
                && low == Long.reverseBytes(LittleEndian.int64(bytes, at + 8));
    }
}
