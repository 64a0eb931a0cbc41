package io.nodetelemetry.internal.log;

/**
 * Goes through JSON (RFC 8259) from one member of an object to the next. Values that nobody asks for are skipped by
 * counting brackets: what does not match in them is none of our business. Takes time in proportion to the text. Used
 * again for each line.
 */
final class JsonText {
    /** Of a string without a backslash. */
    static final int NONE = -1;

    private byte[] text = {};
    private int end;
    private int at;
    private int firstEscape;

    void begin(byte[] line, int from, int to) {
        text = line;
        at = from;
        end = to;
    }

    int at() {
        return at;
    }

    /** Where the first backslash is in the string that was skipped last, or {@link #NONE}. */
    int firstEscape() {
        return firstEscape;
    }

    /** Whether there is nothing left. */
    boolean isAtEnd() {
        return at == end;
    }

    /** Whether a string begins here. */
    boolean isString() {
        return at < end && text[at] == '"';
    }

    boolean take(char expected) {
        skipBlanks();
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    void skipBlanks() {
        while (at < end && Ascii.isBlank(text[at])) {
            at++;
        }
    }

    /** Goes behind the closing quote; false if there is no string or it has no end. */
    boolean skipString() {
        if (!isString()) {
            return false;
        }
        at++;
        firstEscape = NONE;
        while (true) {
            at = ByteSearch.either(text, at, end, '"', '\\');
            if (at == end) {
                return false;
            }
            if (text[at++] == '"') {
                return true;
            }
            if (firstEscape == NONE) {
                firstEscape = at - 1;
            }
            at = Math.min(at + 1, end);
        }
    }

    /** Goes to the comma or bracket behind the value; false if it has no end. */
    boolean skipValue() {
        int depth = 0;
        while (at < end) {
            switch (text[at]) {
                case '"' -> {
                    if (!skipString()) {
                        return false;
                    }
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (depth-- == 0) {
                        return true;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                default -> {}
            }
            at++;
        }
        return false;
    }
}
