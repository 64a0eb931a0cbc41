package io.nodetelemetry.internal.log;

/** Finds the words that are variables because of the words beside them. */
final class Neighbours {
    /** More attributes than this are a dump of some state, whose fields vary. */
    private static final int MAX_PAIRS = 10;

    private final Tokens tokens;
    private byte[] text = {};

    Neighbours(Tokens tokens) {
        this.tokens = tokens;
    }

    void mark(byte[] message) {
        text = message;
        if (tokens.anyIs(Vocabulary.CALENDAR)) {
            markDates();
        }
        if (tokens.pairs() > MAX_PAIRS) {
            tokens.truncate(endOfPairs());
        }
        for (int i = 1; i < tokens.size(); i++) {
            byte separator = tokens.separator(i);
            if (separator == ',' && isAttribute(i)) {
                tokens.truncate(i);
            } else if (separator == ':' && isTextOfOthers(i)) {
                tokens.makeVariable(i);
                tokens.truncate(i + 1);
            } else if (!tokens.isVariable(i)) {
                markWord(i, separator);
            }
        }
    }

    private void markWord(int i, byte separator) {
        if (tokens.isVariable(i - 1) ? isPartOfVariable(i, separator) : isNamed(i, separator) || isBetween(i)) {
            tokens.makeVariable(i);
        } else if (separator == ' ' ? isIdentifier(i) : separator == ':' && isValue(i)) {
            tokens.makeVariable(i);
        } else if (separator == ' ' && isNumber(i - 1)) {
            // "1 file", "2 files"
            tokens.shorten(i, pluralEnding(i));
        }
    }

    /** What comes behind "command:", "because:" or, where something inserted failed, "failed:". */
    private boolean isTextOfOthers(int i) {
        return tokens.is(Vocabulary.ANNOUNCING, i - 1)
                || (tokens.is(Vocabulary.REASONING, i - 1) && i > 1)
                || (tokens.is(Vocabulary.FAILING, i - 1) && i > 1 && tokens.isVariable(i - 2));
    }

    private void markDates() {
        for (int i = tokens.size() - 2; i >= 0; i--) {
            if (tokens.is(Vocabulary.CALENDAR, i) && tokens.isVariable(i + 1)) {
                tokens.makeVariable(i);
            }
        }
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.is(Vocabulary.CALENDAR, i) && tokens.isVariable(i - 1)) {
                tokens.makeVariable(i);
            }
        }
    }

    private int endOfPairs() {
        int pairs = 0;
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.separator(i) == '=' && ++pairs > MAX_PAIRS) {
                return i - 1;
            }
        }
        return tokens.size();
    }

    /** "…, client: x, server: y" says where it happened, and was appended to what did. */
    private boolean isAttribute(int i) {
        return tokens.separator(i) == ','
                && !tokens.isVariable(i)
                && i + 1 < tokens.size()
                && tokens.separator(i + 1) == ':';
    }

    /** Whether the word goes with the variable before it: "5 seconds", "zone New York". */
    private boolean isPartOfVariable(int i, byte separator) {
        if (tokens.is(Vocabulary.UNIT, i) && isNumber(i - 1)) {
            return !(i + 1 < tokens.size() && tokens.separator(i + 1) == '=');
        }
        return separator == ' ' && i > 1 && tokens.is(Vocabulary.NAMED, i - 2) && Ascii.isUpper(text[tokens.start(i)]);
    }

    private boolean isNumber(int i) {
        return tokens.isVariable(i) && Ascii.isDigit(text[tokens.end(i) - 1]);
    }

    /** "user alice" */
    private boolean isNamed(int i, byte separator) {
        return tokens.is(Vocabulary.NAMED, i - 1)
                && separator == ' '
                && !tokens.is(Vocabulary.CONTINUING, i)
                && !endsWith(i, "ed")
                && !endsWith(i, "ing");
    }

    /** "for alice from 10.1.2.3" */
    private boolean isBetween(int i) {
        return tokens.is(Vocabulary.PREPOSITION, i - 1)
                && i + 2 < tokens.size()
                && tokens.isVariable(i + 2)
                && tokens.is(Vocabulary.PREPOSITION, i + 1)
                && !tokens.is(Vocabulary.PREPOSITION | Vocabulary.CONTINUING, i);
    }

    /** What has a name_like_this, or "x", and neither begins the statement nor has a value. */
    private boolean isIdentifier(int i) {
        if (i + 1 < tokens.size() && (tokens.separator(i + 1) == ':' || tokens.separator(i + 1) == '=')) {
            return false;
        }
        byte first = text[tokens.start(i)];
        if (tokens.end(i) - tokens.start(i) == 1) {
            return Ascii.lower(first) != 'a';
        }
        return tokens.has(Ascii.UNDERSCORE, i) && !Ascii.isUpper(first) && !(i == 1 && tokens.isVariable(0));
    }

    /** "state:some_value", and "transfer status: success" at the end. */
    private boolean isValue(int i) {
        int start = tokens.start(i);
        if (tokens.has(Ascii.UNDERSCORE, i) && text[start - 1] == ':' && text[start - 2] != ':') {
            return !Ascii.isUpper(text[start]);
        }
        return i + 1 == tokens.size()
                && i > 2
                && !tokens.is(Vocabulary.TRUTH, i)
                && !endsWith(i, "Exception")
                && !endsWith(i, "Error");
    }

    /** Bytes of the ending of a plural, 0 where there is none or it is not certain. */
    private int pluralEnding(int i) {
        int end = tokens.end(i);
        if (end - tokens.start(i) < 4 || text[end - 1] != 's' || endsWith(i, "ies")) {
            return 0;
        }
        if (endsWith(i, "sses") || endsWith(i, "ches") || endsWith(i, "shes") || endsWith(i, "xes")) {
            return 2;
        }
        return text[end - 2] == 's' || text[end - 2] == 'u' || text[end - 2] == 'i' ? 0 : 1;
    }

    /** Whether the word ends so, and is more than that. */
    private boolean endsWith(int i, String suffix) {
        int from = tokens.end(i) - suffix.length();
        if (from < tokens.start(i) + 2) {
            return false;
        }
        for (int k = 0; k < suffix.length(); k++) {
            if (text[from + k] != suffix.charAt(k)) {
                return false;
            }
        }
        return true;
    }
}
