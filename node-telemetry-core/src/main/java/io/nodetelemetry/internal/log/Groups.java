package io.nodetelemetry.internal.log;

import java.util.Arrays;

/**
 * Finds where quoted and bracketed text ends. What was found missing or plain once is not looked for again, so that all
 * questions about one message take time in proportion to its length.
 */
final class Groups {
    /** No such end, or nothing that counts as a value. */
    static final int OPEN = -1;

    private static final String KINDS = "\"'`[{(<";

    private byte[] text = {};
    private int end;
    /** By kind: nothing closes from here on. */
    private final boolean[] unclosed = new boolean[KINDS.length()];
    /** By kind: brackets that open before this index hold words alone. */
    private final int[] plainUntil = new int[KINDS.length()];

    void reset(byte[] message, int to) {
        text = message;
        end = to;
        Arrays.fill(unclosed, false);
        Arrays.fill(plainUntil, 0);
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
            byte b = text[i++];
            if (b == '\\') {
                i++;
            } else if (b == quote && !(quote == '\'' && i < end && Ascii.isWord(text[i]))) {
                return i;
            }
        }
        unclosed[kind] = true;
        return OPEN;
    }

    /**
     * The index behind the bracket that closes.
     *
     * @param anything whether what is inside counts as a value in any case; otherwise only with a digit or {@code =}
     */
    int bracketEnd(int at, boolean anything) {
        byte open = text[at];
        int kind = KINDS.indexOf(open);
        if (unclosed[kind] || (!anything && at < plainUntil[kind])) {
            return OPEN;
        }
        byte closing = (byte) (open == '(' ? ')' : open + 2);
        boolean isValue = anything;
        int depth = 0;
        for (int i = at; i < end; i++) {
            byte b = text[i];
            if (b == open) {
                depth++;
            } else if (b != closing) {
                isValue |= b == '=' || Ascii.isDigit(b);
            } else if (--depth == 0) {
                if (isValue) {
                    return i + 1;
                }
                plainUntil[kind] = i;
                return OPEN;
            }
        }
        unclosed[kind] = true;
        return OPEN;
    }
}
