package io.nodetelemetry.internal.log;

/** The tokens of one message, in arrays that are used again for the next one. */
final class Tokens {
    /** Statements are shorter; what follows is inserted text as a rule. */
    static final int CAPACITY = 128;

    /** Stands for the meaning of what is no word: the only negative one. */
    private static final int VARIABLE = Integer.MIN_VALUE;

    private final int[] starts = new int[CAPACITY];
    private final int[] ends = new int[CAPACITY];
    private final byte[] separators = new byte[CAPACITY];
    /** Of a word, or {@link #VARIABLE}. */
    private final int[] meanings = new int[CAPACITY];

    private final int[] shapes = new int[CAPACITY];
    private int size;
    private int allMeanings;
    private int pairs;

    void clear() {
        size = 0;
        allMeanings = 0;
        pairs = 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    int size() {
        return size;
    }

    /**
     * Adds a word of the statement.
     *
     * @param separator what stood before the token: the last punctuation mark, or a blank
     * @param meaning of {@link Vocabulary}
     * @param shape what is true of any of its bytes, as {@link Ascii#bits} says
     */
    void addWord(int start, int end, byte separator, int meaning, int shape) {
        add(start, end, separator, meaning, shape);
        allMeanings |= meaning;
    }

    /** Adds what was inserted. */
    void addVariable(int start, int end, byte separator) {
        add(start, end, separator, VARIABLE, 0);
    }

    private void add(int start, int end, byte separator, int meaning, int shape) {
        int at = size++;
        starts[at] = start;
        ends[at] = end;
        separators[at] = separator;
        meanings[at] = meaning;
        shapes[at] = shape;
        pairs += separator == '=' ? 1 : 0;
    }

    /** Whether any word has one of these meanings, or had when it was added. */
    boolean anyIs(int meaning) {
        return (allMeanings & meaning) != 0;
    }

    /** Tokens that were added behind an equals sign. */
    int pairs() {
        return pairs;
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    byte separator(int index) {
        return separators[index];
    }

    boolean isVariable(int index) {
        return meanings[index] < 0;
    }

    /** Whether it is a word of one of these meanings, see {@link Vocabulary}. */
    boolean is(int meaning, int index) {
        return (meanings[index] & meaning) != 0;
    }

    /** Whether any of the word's bytes is of that kind, see {@link Ascii}. */
    boolean has(int bit, int index) {
        return (shapes[index] & bit) != 0;
    }

    /** Leaves the last bytes of a word out. */
    void shorten(int index, int bytes) {
        ends[index] -= bytes;
    }

    void makeVariable(int index) {
        meanings[index] = VARIABLE;
        shapes[index] = 0;
    }

    /** Keeps that many tokens from the first on. */
    void truncate(int count) {
        size = count;
    }
}
