package io.nodetelemetry.internal.log;

/** A fixed set of words of ASCII, looked up in bytes without a copy; upper and lower case are the same. */
final class WordSet {
    private final WordTable words;

    /** @param words in lower case, with white space between them */
    WordSet(String words) {
        this.words = new WordTable().with(1, words);
    }

    boolean contains(byte[] text, int start, int end) {
        return words.get(text, start, end) != 0;
    }
}
