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
        int at = from;
        while (at < to && !tokens.isFull()) {
            at = next(at, from);
        }
    }

    private int next(int at, int from) {
        byte b = text[at];
        boolean attached = at > from && Ascii.isWord(text[at - 1]);
        switch (b) {
            case '"', '`', '\'' -> {
                int close = b == '\'' && attached ? Groups.OPEN : groups.quoteEnd(at);
                if (close != Groups.OPEN) {
                    return quoted(at, close);
                }
            }
            case '(', '[', '{', '<' -> {
                int close = groups.bracketEnd(at, isInserted(b, attached));
                if (close != Groups.OPEN) {
                    return bracketed(at, close, attached);
                }
            }
            default -> {
                if (!isSeparator(b)) {
                    return word(at);
                }
            }
        }
        separate(at, attached);
        return at + 1;
    }

    private void separate(int at, boolean attached) {
        byte b = text[at];
        if (b == '=' && attached && (at + 1 == end || isValueEnd(text[at + 1]))) {
            // An empty value stands for one: "name= age=0" is printed by the statement of "name=x age=0".
            tokens.addVariable(at, at + 1, b);
            separator = ' ';
        } else if (!Ascii.isBlank(b)) {
            separator = b;
        } else if (separator == '=') {
            // With blanks around it, it is prose.
            separator = ' ';
        }
    }

    private int quoted(int start, int stop) {
        int first = start + 1;
        int blank = first;
        while (Ascii.isUpper(text[blank])) {
            blank++;
        }
        int meaning = Vocabulary.meanings(text, first, blank);
        if (text[blank] == ' ' && (meaning & Vocabulary.METHOD) != 0) {
            tokens.addWord(first, blank, separator, meaning);
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

    /** Arguments and remarks in brackets come and go with the same statement and leave no trace. */
    private int bracketed(int start, int stop, boolean attached) {
        byte b = text[start];
        if (separator == '=' || (b != '(' && !(b == '[' && attached))) {
            return variable(start, stop);
        }
        int last = tokens.size() - 1;
        if (attached && last >= 0 && Ascii.isUpper(text[tokens.start(last)])) {
            // An object as its language prints it: Name(field=value).
            tokens.makeVariable(last);
        }
        separator = ' ';
        return stop;
    }

    /** Whether what is in this bracket was inserted, be it words alone. */
    private boolean isInserted(byte bracket, boolean attached) {
        return switch (bracket) {
            case '[', '{' -> true;
            case '(' -> attached || separator == '=' || isRemark();
            default -> separator == '=';
        };
    }

    /** Whether parentheses here explain the value, or the failure, before them. */
    private boolean isRemark() {
        int last = tokens.size() - 1;
        return last >= 0 && (tokens.isVariable(last) || tokens.is(Vocabulary.FAILING, last));
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
            if ((bits & Ascii.SEPARATOR) != 0 && endsWord(stop)) {
                break;
            }
            seen |= bits;
            stop++;
        }
        int last = stop;
        while (last > first && isEdge(bytes[last - 1])) {
            last--;
        }
        if (first < last) {
            if (WordClass.isVariable(bytes, first, last, seen)) {
                tokens.addVariable(first, last, separator);
            } else {
                tokens.addWord(first, last, separator, Vocabulary.meanings(bytes, first, last));
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
    private boolean endsWord(int i) {
        return switch (text[i]) {
            case ':' -> i + 1 == end || Ascii.isBlank(text[i + 1]) || Ascii.isLetter(text[i + 1]);
            case '\'' -> i + 1 == end || !Ascii.isWord(text[i + 1]);
            default -> true;
        };
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
