package io.nodetelemetry.internal.log;

/**
 * Cuts a message into words, and quoted or bracketed text that counts as one variable. Every byte is looked at a few
 * times at most, whatever the message.
 */
final class Tokenizer {
    private final Tokens tokens;
    private final Groups groups = new Groups();
    private byte[] text = {};
    private int end;
    private byte separator;

    Tokenizer(Tokens tokens) {
        this.tokens = tokens;
    }

    void run(byte[] message, int from, int to) {
        tokens.clear();
        groups.reset(message, to);
        text = message;
        end = to;
        separator = ' ';
        int at = mark(from);
        while (at < to && !tokens.isFull()) {
            byte b = message[at];
            int bits = Ascii.bits(b);
            if ((bits & Ascii.SEPARATOR) == 0) {
                at = word(at);
            } else if ((bits & Ascii.BLANK) != 0) {
                if (separator == '=') {
                    // With blanks around it, it is prose.
                    separator = ' ';
                }
                at++;
            } else {
                at = punctuation(b, at, at > from && Ascii.isWord(message[at - 1]));
            }
        }
    }

    /** An arrow that begins the message tells what comes from what goes: {@code => read}, {@code <= read}. */
    private int mark(int from) {
        int at = from;
        boolean isArrow = false;
        while (at < end && (isAngle(text[at]) || text[at] == '=' || text[at] == '-')) {
            isArrow |= isAngle(text[at]);
            at++;
        }
        if (!isArrow || at - from < 2 || at == end || text[at] != ' ') {
            return from;
        }
        tokens.addWord(from, at, separator, 0, 0);
        return at;
    }

    private static boolean isAngle(byte b) {
        return b == '<' || b == '>';
    }

    private int punctuation(byte b, int at, boolean attached) {
        switch (b) {
            case '"', '`', '\'' -> {
                int close = b == '\'' && attached ? Groups.OPEN : groups.quoteEnd(at);
                if (close != Groups.OPEN) {
                    return quoted(at, close);
                }
            }
            case '(', '[', '{', '<' -> {
                int close = bracketEnd(b, at, attached);
                if (close != Groups.OPEN) {
                    return bracketed(at, close, attached);
                }
                if (b == '{' && at + 1 < end && (text[at + 1] == '"' || text[at + 1] == '\'')) {
                    // An object that was cut off takes the rest of the message.
                    return variable(at, end);
                }
            }
            case ':' -> {
                if (isAnyAddress(at, attached)) {
                    return variable(at, at + 2);
                }
            }
            case '=' -> {
                if (attached && (at + 1 == end || isValueEnd(text[at + 1]))) {
                    // An empty value stands for one: "name= age=0" is printed by the statement of "name=x age=0".
                    tokens.addVariable(at, at + 1, b);
                    separator = ' ';
                    return at + 1;
                }
            }
            default -> {}
        }
        separator = b;
        return at + 1;
    }

    private int bracketEnd(byte b, int at, boolean attached) {
        if (b == '<' && !opensAngle(at)) {
            return Groups.OPEN;
        }
        return b == '(' && !attached && separator != '=' && !isRemark()
                ? groups.insertedEnd(at)
                : groups.bracketEnd(at);
    }

    /** Whether parentheses here begin the line, or explain the value or the failure before them. */
    private boolean isRemark() {
        int last = tokens.size() - 1;
        return last < 0 || tokens.isVariable(last) || tokens.is(Vocabulary.FAILING, last);
    }

    /** A request as servers quote it, {@code "GET /path …"}, is told apart by its method. */
    private int quoted(int start, int stop) {
        int first = start + 1;
        int blank = first;
        while (Ascii.isUpper(text[blank])) {
            blank++;
        }
        if (blank > first && blank + 1 < stop && text[blank] == ' ' && text[blank + 1] == '/') {
            tokens.addWord(first, blank, separator, 0, 0);
            separator = ' ';
            return tokens.isFull() ? stop : variable(blank, stop);
        }
        return variable(start, stop);
    }

    private int variable(int start, int stop) {
        tokens.addVariable(start, stop, separator);
        separator = ' ';
        return stop;
    }

    /** Arguments, remarks and marks at the end in brackets come and go with the same statement and leave no trace. */
    private int bracketed(int start, int stop, boolean attached) {
        byte b = text[start];
        int last = tokens.size() - 1;
        boolean isMark =
                last >= 0 && (b == '(' ? !isGlued(stop) : b == '[' && (attached || (stop == end && separator == ' ')));
        if (separator == '=' || !(isMark || (attached && b != '{' && b != '<'))) {
            return variable(start, stop);
        }
        if (attached && last >= 0 && Ascii.isUpper(text[tokens.start(last)])) {
            // An object as its language prints it: Name(field=value).
            tokens.makeVariable(last);
        }
        separator = ' ';
        return stop;
    }

    /** Whether more of the same name follows, as in {@code (none)/x}. */
    private boolean isGlued(int stop) {
        return stop < end && !isSeparator(text[stop]) && !isEdge(text[stop]);
    }

    /** Whether an angle bracket is one, and no arrow or comparison. */
    private boolean opensAngle(int at) {
        return at + 1 < end && (Ascii.isWord(text[at + 1]) || text[at + 1] == '/' || isAngle(text[at + 1]));
    }

    /** {@code ::}, the address of all interfaces. */
    private boolean isAnyAddress(int at, boolean attached) {
        return !attached
                && at + 1 < end
                && text[at + 1] == ':'
                && (at + 2 == end || Ascii.isBlank(text[at + 2]) || isEdge(text[at + 2]));
    }

    private int word(int at) {
        if (separator == '=') {
            return value(at);
        }
        byte[] bytes = text;
        int to = end;
        int first = at;
        while (first < to && isEdge(bytes[first])) {
            first++;
        }
        int seen = 0;
        int stop = first;
        while (stop < to) {
            int bits = Ascii.bits(bytes[stop]);
            if ((bits & Ascii.SEPARATOR) != 0 && ((bits & Ascii.BLANK) != 0 || endsWord(stop, seen))) {
                break;
            }
            seen |= bits;
            stop++;
        }
        int last = stop;
        if ((seen & Ascii.EDGE) != 0) {
            while (isEdge(bytes[last - 1])) {
                last--;
            }
        }
        if (first < last) {
            if (WordClass.isVariable(bytes, first, last, seen)) {
                tokens.addVariable(first, last, separator);
            } else {
                tokens.addWord(first, last, separator, Vocabulary.meanings(bytes, first, last), seen);
            }
            separator = ' ';
        }
        return stop;
    }

    /** What stands behind an equals sign. */
    private int value(int at) {
        int stop = at + 1;
        while (stop < end && !isValueEnd(text[stop])) {
            stop++;
        }
        int first = at;
        int last = stop;
        while (first < last && isEdge(text[first])) {
            first++;
        }
        while (last > first && isEdge(text[last - 1])) {
            last--;
        }
        if (first < last) {
            tokens.addVariable(first, last, separator);
        }
        separator = ' ';
        return stop;
    }

    /** Whether the separator there is none inside a word, as in host:port and file:line and don't. */
    private boolean endsWord(int i, int seen) {
        return switch (text[i]) {
            case ':' ->
                i + 1 == end || Ascii.isBlank(text[i + 1]) || (Ascii.isLetter(text[i + 1]) && !isAddress(i, seen));
            case '\'' -> i + 1 == end || !Ascii.isWord(text[i + 1]);
            default -> true;
        };
    }

    /** Whether a group of an IPv6 or MAC address follows the colon, and the word is one until there. */
    private boolean isAddress(int colon, int seen) {
        if ((seen & Ascii.DIGIT) == 0 || (seen & Ascii.OUTSIDE_ADDRESS) != 0) {
            return false;
        }
        int i = colon + 1;
        while (i < end && i <= colon + 4 && Ascii.isHexDigit(text[i])) {
            i++;
        }
        if (i < end && Ascii.isWord(text[i])) {
            return false;
        }
        boolean isFirst = (seen & Ascii.SEPARATOR) == 0;
        return !isFirst || (i < end && text[i] == ':');
    }

    private static boolean isSeparator(byte b) {
        return (Ascii.bits(b) & Ascii.SEPARATOR) != 0;
    }

    private static boolean isValueEnd(byte b) {
        return (Ascii.bits(b) & Ascii.VALUE_END) != 0;
    }

    private static boolean isEdge(byte b) {
        return (Ascii.bits(b) & Ascii.EDGE) != 0;
    }
}
