package io.nodetelemetry.internal.log;

/** Finds the words that are variables because of the words beside them. */
final class Neighbours {
    /** More attributes than this are a dump of some state, whose fields vary. */
    private static final int MAX_PAIRS = 10;

    private final Tokens tokens;
    private final TokenText text;
    /** Of the first word behind the arrow, variables and attributes that the message begins with. */
    private int begin;

    Neighbours(Tokens tokens) {
        this.tokens = tokens;
        text = new TokenText(tokens);
    }

    void mark(byte[] message) {
        text.reset(message);
        if (tokens.anyIs(Vocabulary.CALENDAR)) {
            markDates();
        }
        if (tokens.pairs() > MAX_PAIRS) {
            tokens.truncate(endOfPairs());
        }
        begin = beginOfStatement();
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
        if (separator == '>' && text.isBehindArrow(i)) {
            // "ready -> gone"
            tokens.makeVariable(i - 1);
            tokens.makeVariable(i);
        } else if (tokens.isVariable(i - 1) ? isPartOfVariable(i, separator) : isNamed(i, separator) || isJoined(i)) {
            tokens.makeVariable(i);
        } else if (separator == ' ' ? isIdentifier(i) : separator == ':' && isValue(i)) {
            tokens.makeVariable(i);
        } else if (separator == ' ' && text.isNumber(i - 1)) {
            // "1 file", "2 files"
            tokens.shorten(i, text.pluralEnding(i));
        }
    }

    /** What comes behind "command:", "because:" or "failed to …:", or, where something inserted failed, "failed:". */
    private boolean isTextOfOthers(int i) {
        return tokens.is(Vocabulary.ANNOUNCING, i - 1)
                || (tokens.is(Vocabulary.REASONING, i - 1) && i > 1)
                || (tokens.is(Vocabulary.FAILING, i - 1) && i > 1 && tokens.isVariable(i - 2))
                || isReason(i);
    }

    /** "cannot open x: no such file" */
    private boolean isReason(int i) {
        return begin + 2 < i
                && tokens.is(Vocabulary.FAILING, begin)
                && tokens.separator(begin + 1) == ' '
                && text.isBehindColon(i);
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

    private int beginOfStatement() {
        int i = tokens.size() > 0 && text.isArrow(0) ? 1 : 0;
        while (i < tokens.size() && (tokens.isVariable(i) || isFollowedBy(i, '='))) {
            i++;
        }
        return i;
    }

    private boolean isFollowedBy(int i, char separator) {
        return i + 1 < tokens.size() && tokens.separator(i + 1) == separator;
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
        return tokens.separator(i) == ',' && !tokens.isVariable(i) && isFollowedBy(i, ':');
    }

    /** Whether the word goes with the variable before it: "5 seconds", "404 NOT_FOUND", "zone New York". */
    private boolean isPartOfVariable(int i, byte separator) {
        if (tokens.is(Vocabulary.UNIT, i) && separator != ',' && text.isNumber(i - 1)) {
            return !isFollowedBy(i, '=');
        }
        if (separator != ' ') {
            return false;
        }
        boolean isInName = i > 1 && tokens.is(Vocabulary.NAMED, i - 2);
        return isInName
                ? text.beginsUpper(i)
                : tokens.separator(i - 1) == ' ' && text.isDigits(i - 1) && text.isCapitals(i);
    }

    /** "user alice" */
    private boolean isNamed(int i, byte separator) {
        return tokens.is(Vocabulary.NAMED, i - 1)
                && separator == ' '
                && !tokens.is(Vocabulary.CONTINUING, i)
                && !text.endsWith(i, "ed")
                && !text.endsWith(i, "ing");
    }

    /** Whether the word stands between prepositions, or behind the second one, as what is inserted does. */
    private boolean isJoined(int i) {
        return tokens.is(Vocabulary.PREPOSITION, i - 1)
                && !tokens.is(Vocabulary.PREPOSITION | Vocabulary.CONTINUING, i)
                && (isBetween(i) || isLastOfTwo(i) || isChange(i));
    }

    /** "for alice from 10.1.2.3" */
    private boolean isBetween(int i) {
        return i + 2 < tokens.size() && tokens.isVariable(i + 2) && tokens.is(Vocabulary.PREPOSITION, i + 1);
    }

    /** "from 10.1.2.3 as alice" */
    private boolean isLastOfTwo(int i) {
        return i > 2
                && i + 1 == tokens.size()
                && tokens.separator(i) == ' '
                && tokens.isVariable(i - 2)
                && tokens.is(Vocabulary.PREPOSITION, i - 3);
    }

    /** "from ready to gone". States in capitals are constants of the program, of which there are few. */
    private boolean isChange(int i) {
        boolean isFirst = text.isWord(i - 1, "from") && i + 2 < tokens.size() && text.isWord(i + 1, "to");
        boolean isSecond = text.isWord(i - 1, "to") && i > 2 && text.isWord(i - 3, "from");
        return (isFirst || isSecond) && tokens.separator(i) == ' ' && !text.isCapitals(i);
    }

    /** What has a name_like_this, or "x", and neither begins the statement nor has a value. */
    private boolean isIdentifier(int i) {
        if (isFollowedBy(i, ':') || isFollowedBy(i, '=')) {
            return false;
        }
        if (text.isSingleLetter(i)) {
            return !text.isWord(i, "a") && !text.isWord(i, "A");
        }
        return tokens.has(Ascii.UNDERSCORE, i) && !text.beginsUpper(i) && i != begin;
    }

    /** "state:some_value", and "transfer status: success" at the end. */
    private boolean isValue(int i) {
        if (tokens.has(Ascii.UNDERSCORE, i) && text.isJoinedByColon(i)) {
            return !text.beginsUpper(i);
        }
        return i + 1 == tokens.size()
                && i > 2
                && !tokens.is(Vocabulary.TRUTH, i)
                && !text.endsWith(i, "Exception")
                && !text.endsWith(i, "Error");
    }
}
