package io.nodetelemetry.internal.log;

/** Whether a word, seen alone, was written by the author of the log statement or inserted by the program. */
final class WordClass {
    /** Hexadecimal words without a digit that are this long are hashes; shorter ones are words, as "dead" and "facade". */
    private static final int HEX_LETTERS = 8;

    private WordClass() {}

    /** @param seen what is true of any of its bytes, as {@link Ascii#bits} says */
    static boolean isVariable(byte[] text, int start, int end, int seen) {
        if ((seen & Ascii.DIGIT) != 0) {
            return !Ascii.isLetter(text[start])
                    || !(Vocabulary.isTerm(text, start, end) || isMacro(text, start, end, seen));
        }
        if ((seen & Ascii.INNER) != 0) {
            return isName(text, start, end);
        }
        return (seen & Ascii.NOT_HEX_LETTER) == 0 && end - start >= HEX_LETTERS;
    }

    /** Whether it is the name of a constant, as SSH2_MSG_NEWKEYS is: several parts, each of which begins with a capital. */
    private static boolean isMacro(byte[] text, int start, int end, int seen) {
        if ((seen & Ascii.UNDERSCORE) == 0 || !Ascii.isUpper(text[start])) {
            return false;
        }
        int parts = 1;
        for (int i = start + 1; i < end; i++) {
            byte b = text[i];
            if (text[i - 1] == '_' ? !Ascii.isUpper(b) : !(Ascii.isUpper(b) || Ascii.isDigit(b) || b == '_')) {
                return false;
            }
            parts += b == '_' ? 1 : 0;
        }
        return parts > 2;
    }

    /** Whether it is a path, an address or a name with dots. */
    private static boolean isName(byte[] text, int start, int end) {
        int slashes = 0;
        boolean dotted = false;
        for (int i = start; i < end; i++) {
            byte b = text[i];
            boolean inside = i > start && i + 1 < end && Ascii.isWord(text[i - 1]) && Ascii.isWord(text[i + 1]);
            switch (b) {
                case '/', '\\' -> slashes++;
                case '.' -> dotted |= inside;
                case '@' -> {
                    if (end - start > 1) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return slashes > 1 || (slashes == 1 && text[start] == '/') || (dotted && !isThrowable(text, start, end));
    }

    /** An exception's type says what happened, whereas other dotted names are hosts, files and objects. */
    private static boolean isThrowable(byte[] text, int start, int end) {
        return endsWith(text, start, end, "Exception") || endsWith(text, start, end, "Error");
    }

    private static boolean endsWith(byte[] text, int start, int end, String suffix) {
        int from = end - suffix.length();
        if (from < start) {
            return false;
        }
        for (int i = 0; i < suffix.length(); i++) {
            if (text[from + i] != suffix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
