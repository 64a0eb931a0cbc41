package io.nodetelemetry.internal.log;

import java.util.HexFormat;

/** 128 bits over the bytes of a pattern. It tells patterns apart; it does not withstand who wants two to collide. */
final class PatternHash {
    private long high;
    private long low;

    void clear() {
        high = 0xcbf29ce484222325L;
        low = 0x9ae16a3b2f90404fL;
    }

    void add(byte b) {
        high = (high ^ (b & 0xff)) * 0x100000001b3L;
        low = (low + (b & 0xff) + 1) * 0x9e3779b97f4a7c15L;
        low ^= low >>> 29;
    }

    long high() {
        return mix(high);
    }

    long low() {
        return mix(low);
    }

    /** Both halves as 32 digits of lower-case hexadecimal. */
    static String text(long high, long low) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }

    /** Spreads every bit over all others, as the multiplications carry upwards only. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
