package io.nodetelemetry.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen.
 *
 * @param host address or name, an IPv6 address without brackets
 * @param port 0 to 65 535
 */
record ListenAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?<host>\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s/]*):(?<port>\\d{1,5})");

    /**
     * Reads {@code 127.0.0.1:9400}, {@code [::1]:9400}, {@code localhost:9400}, or {@code :9400} for all interfaces.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    static ListenAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is not an address to listen on; allowed are"
                    + " <address>:<port> with a port of 0 to 65535, such as 0.0.0.0:80, [::1]:9400 or :9400, and none");
        }
        String host = matcher.group("host");
        if (host.isEmpty()) {
            host = "0.0.0.0";
        } else if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new ListenAddress(host, Integer.parseInt(matcher.group("port")));
    }
}
