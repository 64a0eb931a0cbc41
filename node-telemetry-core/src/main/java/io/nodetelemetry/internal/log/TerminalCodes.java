package io.nodetelemetry.internal.log;

/** Control sequences of terminals (ECMA-48), which colour what is printed, and titles and links. */
final class TerminalCodes {
    static final byte ESCAPE = 0x1b;
    private static final byte BELL = 7;

    private TerminalCodes() {}

    /**
     * Copies the text without them. A sequence without an end goes as far as it could be one.
     *
     * @param out has room for the text, and may be the text's own buffer if the text begins at 0
     * @return how long the copy is
     */
    static int remove(byte[] text, int from, int to, byte[] out) {
        int length = 0;
        int i = from;
        while (i < to) {
            if (text[i] == ESCAPE) {
                i = end(text, i + 1, to);
            } else {
                out[length++] = text[i++];
            }
        }
        return length;
    }

    private static int end(byte[] text, int at, int to) {
        if (at == to) {
            return to;
        }
        return switch (text[at]) {
            case '[' -> controlEnd(text, at + 1, to);
            case ']', 'P', 'X', '^', '_' -> stringEnd(text, at + 1, to);
            default -> shortEnd(text, at, to);
        };
    }

    /** Parameters, and a byte that says what to do. */
    private static int controlEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= 0x20 && text[at] <= 0x3f) {
            at++;
        }
        return at < to && text[at] >= 0x40 && text[at] <= 0x7e ? at + 1 : at;
    }

    /** A string ends with a bell, or {@code ESC \}; one without an end was none. */
    private static int stringEnd(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == BELL) {
                return i + 1;
            }
            if (text[i] == ESCAPE) {
                return i + 1 < to && text[i + 1] == '\\' ? i + 2 : i;
            }
        }
        return from;
    }

    private static int shortEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= 0x20 && text[at] <= 0x2f) {
            at++;
        }
        return at < to && text[at] >= 0x30 && text[at] <= 0x7e ? at + 1 : at;
    }
}
