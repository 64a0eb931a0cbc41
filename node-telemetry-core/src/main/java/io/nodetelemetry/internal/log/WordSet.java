package io.nodetelemetry.internal.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringTokenizer;

/** A fixed set of words of ASCII, looked up in bytes without a copy; upper and lower case are the same. */
final class WordSet {
    /** Of a slot without a word. */
    private static final byte[] FREE = {};

    private final byte[][] slots;
    private final int mask;

    /** @param words in lower case, with white space between them */
    WordSet(String words) {
        StringTokenizer each = new StringTokenizer(words);
        slots = new byte[Integer.highestOneBit(each.countTokens() * 4)][];
        Arrays.fill(slots, FREE);
        mask = slots.length - 1;
        while (each.hasMoreTokens()) {
            byte[] word = each.nextToken().getBytes(StandardCharsets.US_ASCII);
            int slot = hash(word, 0, word.length) & mask;
            while (slots[slot].length > 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = word;
        }
    }

    boolean contains(byte[] text, int start, int end) {
        int slot = hash(text, start, end) & mask;
        while (true) {
            byte[] word = slots[slot];
            if (word.length == 0) {
                return false;
            }
            if (equal(word, text, start, end)) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
    }

    private static int hash(byte[] text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + Ascii.lower(text[i]);
        }
        return hash ^ (hash >>> 15);
    }

    private static boolean equal(byte[] word, byte[] text, int start, int end) {
        if (word.length != end - start) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (word[i] != Ascii.lower(text[start + i])) {
                return false;
            }
        }
        return true;
    }
}
