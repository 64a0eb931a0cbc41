package io.nodetelemetry.internal.log;

/** Values that say that there is none, such as {@code error=nil}. */
final class Nothing {
    private static final WordSet WORDS = new WordSet("0 nil <nil> null none false no undefined -");

    private Nothing() {}

    static boolean is(byte[] text, int from, int to) {
        return from >= to || WORDS.contains(text, from, to);
    }
}
