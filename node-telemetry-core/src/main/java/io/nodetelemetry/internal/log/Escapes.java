package io.nodetelemetry.internal.log;

/** Undoes the escapes of quoted strings in JSON and logfmt. */
final class Escapes {
    private Escapes() {}

    /** Makes the text without its escapes the message. Unknown escapes give the character that is escaped. */
    static void copy(byte[] text, int from, int to, Message message) {
        message.beginCopy();
        int at = from;
        while (at < to) {
            byte b = text[at++];
            if (b != '\\' || at == to) {
                message.append(b);
                continue;
            }
            byte escaped = text[at++];
            switch (escaped) {
                case 'n', 'r', 't', 'b', 'f' -> message.append(' ');
                case 'u' -> {
                    int codeUnit = codeUnit(text, at, to);
                    if (codeUnit < 0) {
                        message.append('u');
                    } else {
                        append(codeUnit, message);
                        at += 4;
                    }
                }
                default -> message.append(escaped);
            }
        }
        message.endCopy();
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

    /** As UTF-8; halves of a pair each by itself, which serves a hash as well. */
    private static void append(int codeUnit, Message message) {
        if (codeUnit < 0x80) {
            message.append(codeUnit);
        } else if (codeUnit < 0x800) {
            message.append(0xc0 | (codeUnit >> 6));
            message.append(0x80 | (codeUnit & 0x3f));
        } else {
            message.append(0xe0 | (codeUnit >> 12));
            message.append(0x80 | ((codeUnit >> 6) & 0x3f));
            message.append(0x80 | (codeUnit & 0x3f));
        }
    }
}
