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
        markDates();
        tokens.truncate(endOfPairs());
        for (int i = 1; i < tokens.size(); i++) {
            if (isAttribute(i)) {
                tokens.truncate(i);
            } else if (tokens.separator(i) == ':' && is(Vocabulary.ANNOUNCING, i - 1)) {
                tokens.makeVariable(i);
                tokens.truncate(i + 1);
            } else if (!tokens.isVariable(i) && (isUnit(i) || isNamed(i) || isBetween(i))) {
                tokens.makeVariable(i);
            }
        }
    }

    private void markDates() {
        for (int i = tokens.size() - 2; i >= 0; i--) {
            if (tokens.isVariable(i + 1) && is(Vocabulary.CALENDAR, i)) {
                tokens.makeVariable(i);
            }
        }
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.isVariable(i - 1) && is(Vocabulary.CALENDAR, i)) {
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

    private boolean isUnit(int i) {
        return tokens.isVariable(i - 1)
                && Ascii.isDigit(text[tokens.end(i - 1) - 1])
                && is(Vocabulary.UNITS, i)
                && !(i + 1 < tokens.size() && tokens.separator(i + 1) == '=');
    }

    /** "user alice" */
    private boolean isNamed(int i) {
        return tokens.separator(i) == ' '
                && !tokens.isVariable(i - 1)
                && is(Vocabulary.NAMED, i - 1)
                && !is(Vocabulary.CONTINUING, i)
                && !endsWith(i, "ed")
                && !endsWith(i, "ing");
    }

    /** "for alice from 10.1.2.3" */
    private boolean isBetween(int i) {
        return i + 2 < tokens.size()
                && tokens.isVariable(i + 2)
                && is(Vocabulary.PREPOSITIONS, i - 1)
                && is(Vocabulary.PREPOSITIONS, i + 1)
                && !is(Vocabulary.PREPOSITIONS, i)
                && !is(Vocabulary.CONTINUING, i);
    }

    private boolean is(WordSet words, int i) {
        return Vocabulary.is(words, tokens, text, i);
    }

    /** Whether the word looks like a verb's form. */
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
