package io.nodetelemetry.internal.log;

/** Undoes the escapes of quoted strings in JSON and logfmt. */
final class Escapes {
    private static final int REPLACEMENT = 0xfffd;

    private Escapes() {}

    /**
     * Writes the text without its escapes, never more bytes than it has. Unknown escapes give the character that is
     * escaped, halves of surrogate pairs without the other half give U+FFFD.
     *
     * @param at where to write
     * @param limit where to stop; what finds no room is passed over
     * @return the index behind what was written
     */
    static int decode(byte[] text, int from, int to, byte[] out, int at, int limit) {
        int i = from;
        int o = at;
        while (i < to && o < limit) {
            byte b = text[i++];
            if (b != '\\' || i == to) {
                out[o++] = b;
                continue;
            }
            byte escaped = text[i++];
            if (escaped != 'u') {
                out[o++] = control(escaped);
                continue;
            }
            int character = codeUnit(text, i, to);
            if (character < 0) {
                out[o++] = escaped;
                continue;
            }
            i += 4;
            if (Character.isSurrogate((char) character)) {
                int low = i + 1 < to && text[i] == '\\' && text[i + 1] == 'u' ? codeUnit(text, i + 2, to) : -1;
                if (low >= 0 && Character.isSurrogatePair((char) character, (char) low)) {
                    character = Character.toCodePoint((char) character, (char) low);
                    i += 6;
                } else {
                    character = REPLACEMENT;
                }
            }
            if (o + length(character) > limit) {
                return o;
            }
            o = encode(character, out, o);
        }
        return o;
    }

    private static byte control(byte escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private static int codeUnit(byte[] text, int from, int to) {
        if (to - from < 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = text[i] < 0 ? -1 : Character.digit(text[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private static int length(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }

    private static int encode(int character, byte[] out, int at) {
        int length = length(character);
        if (length == 1) {
            out[at] = (byte) character;
            return at + 1;
        }
        int rest = character;
        for (int i = at + length - 1; i > at; i--) {
            out[i] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        // As many ones as there are bytes, and a zero.
        out[at] = (byte) ((0xf00 >> length) | rest);
        return at + length;
    }
}
