package io.nodetelemetry.internal.log;

import java.util.HexFormat;

/**
 * 128 bits over the words of a pattern and the places of its variables. It tells patterns apart; it does not withstand
 * who wants two to collide.
 */
final class PatternHash {
    /** Of no word. */
    private static final long VARIABLE = 1;

    private long high;
    private long low;

    void clear() {
        high = 0xcbf29ce484222325L;
        low = 0x9ae16a3b2f90404fL;
    }

    /** Adds the word between two indexes. */
    void addWord(byte[] text, int start, int end) {
        long word = 0x9e3779b97f4a7c15L;
        for (int i = start; i < end; i++) {
            word = (word ^ (text[i] & 0xff)) * 0x2545f4914f6cdd1dL;
        }
        add(mix(word ^ (end - start)));
    }

    void addVariable() {
        add(VARIABLE);
    }

    private void add(long value) {
        high = (Long.rotateLeft(high, 5) ^ value) * 0x100000001b3L;
        low = (Long.rotateLeft(low, 27) + value) * 0x9e3779b97f4a7c15L;
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
