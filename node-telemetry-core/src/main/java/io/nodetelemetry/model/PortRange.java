package io.nodetelemetry.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports from one to another, both included.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    public PortRange {
        if (first < 1 || last < first || last > 0xffff) {
            throw new IllegalArgumentException(
                    "a range of ports goes up and lies in 1 to 65535, not " + first + "-" + last);
        }
    }

    /**
     * Reads {@code 32768-60999} or one port.
     *
     * @throws IllegalArgumentException for anything else; the message names the text and what is allowed
     */
    public static PortRange parse(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a range of ports such as 32768-60999");
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(2);
        return new PortRange(first, last == null ? first : Integer.parseInt(last));
    }

    /** Whether the port lies in it. */
    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** {@code 32768-60999}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return first + "-" + last;
    }
}
