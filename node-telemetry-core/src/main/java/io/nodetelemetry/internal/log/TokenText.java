package io.nodetelemetry.internal.log;

/** What the bytes of a token say, beside what the tokenizer knew of it. */
final class TokenText {
    private final Tokens tokens;
    private byte[] text = {};

    TokenText(Tokens tokens) {
        this.tokens = tokens;
    }

    void reset(byte[] message) {
        text = message;
    }

    boolean isSingleLetter(int i) {
        return tokens.end(i) - tokens.start(i) == 1;
    }

    boolean beginsUpper(int i) {
        return Ascii.isUpper(text[tokens.start(i)]);
    }

    /** Whether it is a number of any notation without a letter. What may be hexadecimal is none, whatever its digits. */
    boolean isNumber(int i) {
        if (!tokens.isVariable(i) || !Ascii.isDigit(text[tokens.end(i) - 1])) {
            return false;
        }
        for (int at = tokens.start(i); at < tokens.end(i); at++) {
            if (Ascii.isLetter(text[at])) {
                return false;
            }
        }
        return true;
    }

    boolean isDigits(int i) {
        for (int at = tokens.start(i); at < tokens.end(i); at++) {
            if (!Ascii.isDigit(text[at])) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the arrow that begins a message, which the tokenizer made a word. */
    boolean isArrow(int i) {
        byte b = text[tokens.start(i)];
        return !tokens.isVariable(i) && (b == '<' || b == '>' || b == '=' || b == '-');
    }

    boolean isCapitals(int i) {
        for (int at = tokens.start(i); at < tokens.end(i); at++) {
            if (!Ascii.isUpper(text[at]) && text[at] != '_') {
                return false;
            }
        }
        return !isSingleLetter(i);
    }

    boolean isWord(int i, String word) {
        return tokens.end(i) - tokens.start(i) == word.length() && isAt(tokens.start(i), word);
    }

    /** Whether the word ends so, and is more than that. */
    boolean endsWith(int i, String suffix) {
        int from = tokens.end(i) - suffix.length();
        return from >= tokens.start(i) + 2 && isAt(from, suffix);
    }

    private boolean isAt(int from, String part) {
        for (int k = 0; k < part.length(); k++) {
            if (text[from + k] != part.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the ending of a plural, 0 where there is none or it is not certain. */
    int pluralEnding(int i) {
        int end = tokens.end(i);
        if (end - tokens.start(i) < 4 || text[end - 1] != 's' || endsWith(i, "ies")) {
            return 0;
        }
        if (endsWith(i, "sses") || endsWith(i, "ches") || endsWith(i, "shes") || endsWith(i, "xes")) {
            return 2;
        }
        return text[end - 2] == 's' || text[end - 2] == 'u' || text[end - 2] == 'i' ? 0 : 1;
    }

    /** Whether an arrow with blanks around it stands right before a word that is not the first. */
    boolean isBehindArrow(int i) {
        int arrow = tokens.start(i) - 3;
        return arrow > tokens.end(i - 1)
                && text[arrow - 1] == ' '
                && (text[arrow] == '-' || text[arrow] == '=')
                && text[arrow + 1] == '>'
                && text[arrow + 2] == ' ';
    }

    /** Whether a colon and a blank stand right before a word that is not the first. */
    boolean isBehindColon(int i) {
        int start = tokens.start(i);
        return text[start - 1] == ' ' && text[start - 2] == ':';
    }

    /** Whether one colon, and nothing else, joins the word to the one before. */
    boolean isJoinedByColon(int i) {
        int start = tokens.start(i);
        return text[start - 1] == ':' && text[start - 2] != ':';
    }
}
