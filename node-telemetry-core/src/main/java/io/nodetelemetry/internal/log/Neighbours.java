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
            if (tokens.isVariable(i)) {
                if (tokens.separator(i) == ':' && tokens.is(Vocabulary.ANNOUNCING, i - 1)) {
                    tokens.truncate(i + 1);
                }
            } else if (isAttribute(i)) {
                tokens.truncate(i);
            } else if (tokens.separator(i) == ':' && tokens.is(Vocabulary.ANNOUNCING, i - 1)) {
                tokens.makeVariable(i);
                tokens.truncate(i + 1);
            } else if (isUnit(i) || isNamed(i) || isBetween(i)) {
                tokens.makeVariable(i);
            }
        }
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
        return tokens.separator(i) == ',' && i + 1 < tokens.size() && tokens.separator(i + 1) == ':';
    }

    private boolean isUnit(int i) {
        return tokens.is(Vocabulary.UNIT, i)
                && tokens.isVariable(i - 1)
                && Ascii.isDigit(text[tokens.end(i - 1) - 1])
                && !(i + 1 < tokens.size() && tokens.separator(i + 1) == '=');
    }

    /** "user alice" */
    private boolean isNamed(int i) {
        return tokens.is(Vocabulary.NAMED, i - 1)
                && tokens.separator(i) == ' '
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
