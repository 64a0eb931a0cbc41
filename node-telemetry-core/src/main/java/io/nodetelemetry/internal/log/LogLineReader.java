package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Reads one line after the other: level, hash of its pattern, and the pattern's text for who asks. What only the level is
 * wanted of costs no more than that. Reading allocates nothing but room for messages longer than any before. What a
 * method returns is made from the line's own bytes: these have to stay until the next line. Belongs to one thread.
 */
public final class LogLineReader {
    private static final byte[] VARIABLE = "<*>".getBytes(StandardCharsets.US_ASCII);

    private final MessageFinder finder;
    private final Tokens tokens = new Tokens();
    private final Tokenizer tokenizer = new Tokenizer(tokens);
    private final Neighbours neighbours = new Neighbours(tokens);
    private final PatternHash hash = new PatternHash();
    private Message message = new Message();
    private boolean hasPattern;

    /** Reads structured formats as such. */
    public LogLineReader() {
        this(true);
    }

    /**
     * Reads structured formats as such or as text.
     *
     * @param structured whether JSON and logfmt are more than text
     */
    public LogLineReader(boolean structured) {
        finder = new MessageFinder(structured);
    }

    /** Reads the bytes between two indexes, a line without its line feed; any bytes will do. */
    public void read(byte[] line, int from, int to) {
        Objects.checkFromToIndex(from, to, line.length);
        hasPattern = false;
        message = finder.find(line, from, to);
    }

    private void findPattern() {
        if (!hasPattern) {
            tokenizer.run(message.text(), message.from(), message.to());
            neighbours.mark(message.text());
            addUp();
            hasPattern = true;
        }
    }

    private void addUp() {
        hash.clear();
        byte[] text = message.text();
        int size = tokens.size();
        for (int i = 0; i < size; i++) {
            if (!tokens.isVariable(i)) {
                hash.addWord(text, tokens.start(i), tokens.end(i));
            } else if (beginsVariable(i)) {
                hash.addVariable();
            }
        }
    }

    /** Neighbouring variables are one, as lists and names have any number of words. */
    private boolean beginsVariable(int i) {
        return i == 0 || !tokens.isVariable(i - 1);
    }

    public LogLevel level() {
        return message.level();
    }

    /** The upper half of the pattern's 128 bits. */
    public long hashHigh() {
        findPattern();
        return hash.high();
    }

    /** The lower half. */
    public long hashLow() {
        findPattern();
        return hash.low();
    }

    /** Both halves as 32 digits of lower-case hexadecimal. */
    public String hash() {
        return PatternHash.text(hashHigh(), hashLow());
    }

    /** The words that stay the same, {@code <*>} for the rest; empty if the line has neither. */
    public String pattern() {
        findPattern();
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isVariable(i) && !beginsVariable(i)) {
                continue;
            }
            pattern.append(pattern.isEmpty() ? "" : " ");
            byte[] text = tokens.isVariable(i) ? VARIABLE : message.text();
            int start = tokens.isVariable(i) ? 0 : tokens.start(i);
            int end = tokens.isVariable(i) ? VARIABLE.length : tokens.end(i);
            pattern.append(new String(text, start, end - start, StandardCharsets.UTF_8));
        }
        return pattern.toString();
    }
}
