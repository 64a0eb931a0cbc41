package io.nodetelemetry.internal.log;

import java.util.Arrays;

/**
 * Finds where quoted and bracketed text ends. What was found missing once is not looked for again, and who asks goes on
 * behind what was found, so that all questions about one message take time in proportion to its length.
 */
final class Groups {
    /** No such end. */
    static final int OPEN = -1;

    private static final String KINDS = "\"'`[{(<";

    private byte[] text = {};
    private int end;
    /** By kind: nothing closes from here on. */
    private final boolean[] unclosed = new boolean[KINDS.length()];
    /** Parentheses that open before this index hold words alone. */
    private int plainUntil;

    void reset(byte[] message, int to) {
        text = message;
        end = to;
        Arrays.fill(unclosed, false);
        plainUntil = 0;
    }

    /** The index behind the closing quote. An apostrophe inside a word closes nothing. */
    int quoteEnd(int at) {
        byte quote = text[at];
        int kind = KINDS.indexOf(quote);
        if (unclosed[kind]) {
            return OPEN;
        }
        int i = at + 1;
        while (i < end) {
            i = ByteSearch.either(text, i, end, quote, '\\') + 1;
            if (i > end) {
                break;
            }
            if (text[i - 1] == '\\') {
                i++;
            } else if (!(quote == '\'' && i < end && Ascii.isWord(text[i]))) {
                return i;
            }
        }
        unclosed[kind] = true;
        return OPEN;
    }

    /** The index behind the bracket that closes. */
    int bracketEnd(int at) {
        return bracketEnd(at, true);
    }

    /**
     * The index behind the parenthesis that closes, if what is inside was inserted: it holds a digit or {@code =}, stands
     * at the end, or is a part of a longer name.
     */
    int insertedEnd(int at) {
        return at < plainUntil ? OPEN : bracketEnd(at, false);
    }

    private int bracketEnd(int at, boolean anything) {
        byte open = text[at];
        int kind = KINDS.indexOf(open);
        if (unclosed[kind]) {
            return OPEN;
        }
        int close = closing(at, open, (byte) (open == '(' ? ')' : open + 2));
        if (close == end) {
            unclosed[kind] = true;
            return OPEN;
        }
        if (anything || isLastOrGlued(close + 1) || holdsValue(at, close)) {
            return close + 1;
        }
        plainUntil = close;
        return OPEN;
    }

    /** The index of the bracket that closes the one at an index, or the end. */
    private int closing(int at, byte open, byte closing) {
        int depth = 1;
        int i = at;
        while (depth > 0) {
            i = ByteSearch.either(text, i + 1, end, open, closing);
            if (i == end) {
                return end;
            }
            depth += text[i] == open ? 1 : -1;
        }
        return i;
    }

    private boolean holdsValue(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '=' || Ascii.isDigit(text[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean isLastOrGlued(int next) {
        return next == end || (Ascii.bits(text[next]) & (Ascii.SEPARATOR | Ascii.EDGE)) == 0;
    }
}
