package io.nodetelemetry.internal.log;

/**
 * Takes message and level out of a line that is an object of JSON (RFC 8259). A line that ends too early gives what was
 * found until then. Only the object's own members count, not those inside of others.
 */
final class JsonLine {
    private static final int NONE = -1;

    private final Message message;
    private byte[] text = {};
    private int end;
    private int at;
    private int secondaryStart;
    private int secondaryEnd;

    JsonLine(Message message) {
        this.message = message;
    }

    /** Does nothing to lines that are something else. */
    void read(byte[] line, int from, int to) {
        text = line;
        end = to;
        at = from;
        secondaryStart = NONE;
        if (!take('{')) {
            return;
        }
        boolean more = true;
        while (more) {
            more = member() && take(',');
        }
        if (!message.isFound() && secondaryStart != NONE) {
            Escapes.copy(text, secondaryStart, secondaryEnd, message);
        }
    }

    private boolean member() {
        skipBlanks();
        int name = at + 1;
        if (!skipString()) {
            return false;
        }
        int nameEnd = at - 1;
        if (!take(':')) {
            return false;
        }
        skipBlanks();
        int value = at;
        if (value < end && text[value] == '"') {
            boolean closed = skipString();
            stringMember(name, nameEnd, value + 1, closed ? at - 1 : at);
            return closed;
        }
        boolean whole = skipValue();
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            message.setLevel(LevelWords.ofNumber(text, value, at));
        }
        return whole;
    }

    private void stringMember(int name, int nameEnd, int value, int valueEnd) {
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            message.setLevel(LevelWords.ofField(text, value, valueEnd));
        } else if (!message.isFound() && FieldNames.MESSAGE.contains(text, name, nameEnd)) {
            Escapes.copy(text, value, valueEnd, message);
        } else if (secondaryStart == NONE && FieldNames.SECONDARY.contains(text, name, nameEnd)) {
            secondaryStart = value;
            secondaryEnd = valueEnd;
        }
    }

    /** Objects and lists are skipped by counting brackets: what does not match is none of our business. */
    private boolean skipValue() {
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

    private boolean skipString() {
        if (at == end || text[at] != '"') {
            return false;
        }
        at++;
        while (at < end) {
            byte b = text[at++];
            if (b == '"') {
                return true;
            }
            if (b == '\\' && at < end) {
                at++;
            }
        }
        return false;
    }

    private boolean take(char expected) {
        skipBlanks();
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < end && Ascii.isBlank(text[at])) {
            at++;
        }
    }
}
