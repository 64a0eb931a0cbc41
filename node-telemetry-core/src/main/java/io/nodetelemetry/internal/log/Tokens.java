package io.nodetelemetry.internal.log;

/** The tokens of one message, in arrays that are used again for the next one. */
final class Tokens {
    /** Statements are shorter; what follows is inserted text as a rule. */
    static final int CAPACITY = 128;

    private final int[] starts = new int[CAPACITY];
    private final int[] ends = new int[CAPACITY];
    private final byte[] separators = new byte[CAPACITY];
    private final boolean[] variables = new boolean[CAPACITY];
    private int size;

    void clear() {
        size = 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    int size() {
        return size;
    }

    /** @param separator what stood before the token: the last punctuation mark, or a blank */
    void add(int start, int end, byte separator, boolean isVariable) {
        starts[size] = start;
        ends[size] = end;
        separators[size] = separator;
        variables[size] = isVariable;
        size++;
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
        return variables[index];
    }

    void makeVariable(int index) {
        variables[index] = true;
    }

    /** Keeps that many tokens from the first on. */
    void truncate(int count) {
        size = count;
    }
}
