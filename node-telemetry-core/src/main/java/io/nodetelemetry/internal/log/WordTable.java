package io.nodetelemetry.internal.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringTokenizer;

/** A fixed number for each of some words of ASCII, looked up in bytes without a copy; case makes no difference. */
final class WordTable {
    /** Of a slot without a word. */
    private static final byte[] FREE = {};

    private byte[][] words = new byte[64][];
    private int[] numbers = new int[64];
    private int size;
    /** By the first byte of words, of either case: a bit for each length that they have, modulo 32. */
    private final int[] lengthsByFirst = new int[256];
    /** By the last one. */
    private final int[] lengthsByLast = new int[256];

    WordTable() {
        Arrays.fill(words, FREE);
    }

    /**
     * Gives bits to words, beside those that they have.
     *
     * @param more in lower case, with white space between them
     */
    WordTable with(int bits, String more) {
        StringTokenizer each = new StringTokenizer(more);
        while (each.hasMoreTokens()) {
            add(each.nextToken().getBytes(StandardCharsets.US_ASCII), bits);
        }
        return this;
    }

    private void add(byte[] word, int bits) {
        if (4 * (size + 1) > words.length) {
            grow();
        }
        int slot = slot(word, 0, word.length);
        size += words[slot].length == 0 ? 1 : 0;
        mark(lengthsByFirst, word[0], word.length);
        mark(lengthsByLast, word[word.length - 1], word.length);
        words[slot] = word;
        numbers[slot] |= bits;
    }

    private static void mark(int[] lengths, byte letter, int length) {
        lengths[letter] |= 1 << length;
        lengths[Ascii.upper(letter)] |= 1 << length;
    }

    private void grow() {
        byte[][] olderWords = words;
        int[] olderNumbers = numbers;
        words = new byte[2 * olderWords.length][];
        numbers = new int[words.length];
        Arrays.fill(words, FREE);
        for (int i = 0; i < olderWords.length; i++) {
            if (olderWords[i].length > 0) {
                int slot = slot(olderWords[i], 0, olderWords[i].length);
                words[slot] = olderWords[i];
                numbers[slot] = olderNumbers[i];
            }
        }
    }

    /** The bits of the word between two indexes; none if it is not among the words. */
    int get(byte[] text, int start, int end) {
        if (start == end) {
            return 0;
        }
        // Most that is looked up is no word of the table: length, first and last letter tell.
        int lengths = lengthsByFirst[text[start] & 0xff] & lengthsByLast[text[end - 1] & 0xff];
        return (lengths >>> (end - start) & 1) == 0 ? 0 : numbers[slot(text, start, end)];
    }

    /** Where the word is, or would be. Three quarters of the slots are free. */
    private int slot(byte[] text, int start, int end) {
        int mask = words.length - 1;
        int slot = hash(text, start, end) & mask;
        while (words[slot].length > 0 && !equal(words[slot], text, start, end)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Of some of the bytes: words differ in these, or in few others. */
    private static int hash(byte[] text, int start, int end) {
        int length = end - start;
        int hash = length * 0x2f0b + (text[start] | 0x20);
        hash = hash * 31 + (text[start + length / 2] | 0x20);
        hash = hash * 31 + (text[end - 1] | 0x20);
        hash = hash * 31 + (text[start + length / 4] | 0x20);
        return hash ^ (hash >>> 7);
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
