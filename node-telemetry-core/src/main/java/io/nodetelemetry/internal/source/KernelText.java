package io.nodetelemetry.internal.source;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Text that the kernel wrote, read line by line and word by word without making strings of it. Words stand between
 * blanks, {@code =} and {@code :}, so that {@code 8:0 rbytes=5} has four of them.
 *
 * <p>A line counts only with the newline at its end: what was cut off may end within a number. For one thread; the same
 * object serves for one text after the other.
 */
public final class KernelText {
    private byte[] bytes = new byte[0];
    private int length;
    private int nextLine;
    private int lineEnd;
    private int wordStart;
    private int wordEnd;

    /** A text of its own, for what is not read often. */
    public static KernelText of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        KernelText wrapped = new KernelText();
        wrapped.wrap(bytes, bytes.length);
        return wrapped;
    }

    /** Starts over with another text, which is not copied. */
    public void wrap(byte[] content, int size) {
        bytes = content;
        length = size;
        rewind();
    }

    /** Goes back to before the first line. */
    public void rewind() {
        nextLine = 0;
        lineEnd = 0;
        wordStart = 0;
        wordEnd = 0;
    }

    /** Goes to before the first word of the next whole line; false if there is none. */
    public boolean nextLine() {
        int end = nextLine;
        while (end < length && bytes[end] != '\n') {
            end++;
        }
        if (end >= length) {
            return false;
        }
        wordStart = nextLine;
        wordEnd = nextLine;
        lineEnd = end;
        nextLine = end + 1;
        return true;
    }

    /** Goes to the next word of the line; false if there is none. */
    public boolean nextWord() {
        int start = wordEnd;
        while (start < lineEnd && separates(bytes[start])) {
            start++;
        }
        int end = start;
        while (end < lineEnd && !separates(bytes[end])) {
            end++;
        }
        wordStart = start;
        wordEnd = end;
        return end > start;
    }

    private static boolean separates(byte b) {
        return b == ' ' || b == '=' || b == ':' || b == '\t' || b == '\r';
    }

    /** Whether the word is followed by that character, as {@code 8} by a colon in {@code 8:0}. */
    public boolean endsBefore(char separator) {
        return wordEnd < lineEnd && bytes[wordEnd] == separator;
    }

    /** Whether the word is this one, which is ASCII. */
    public boolean is(String word) {
        int size = word.length();
        if (wordEnd - wordStart != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (bytes[wordStart + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the word is a whole number without a sign, of any size. */
    public boolean isDigits() {
        for (int i = wordStart; i < wordEnd; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return wordEnd > wordStart;
    }

    /** The word as a whole number without a sign; empty if it is none or exceeds a {@code long}. */
    public OptionalLong number() {
        if (!isDigits()) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = wordStart; i < wordEnd; i++) {
            int digit = bytes[i] - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                return OptionalLong.empty();
            }
            number = number * 10 + digit;
        }
        return OptionalLong.of(number);
    }

    /** The number that is the next word of the line; empty if that is none. */
    public OptionalLong nextNumber() {
        return nextWord() ? number() : OptionalLong.empty();
    }
}
