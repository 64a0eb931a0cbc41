package io.nodetelemetry.testing;

import static io.nodetelemetry.testing.Scrape.check;

import java.util.Map;
import java.util.TreeMap;

/** One line of the Prometheus text format: {@code name{label="value",…} number [timestamp]}. */
record SampleLine(Scrape.Series series, double value) {
    static SampleLine parse(String line) {
        return new Cursor(line).sample();
    }

    private static final class Cursor {
        private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";

        private final String line;
        private int at;

        Cursor(String line) {
            this.line = line;
        }

        SampleLine sample() {
            String name = identifier();
            Map<String, String> labels = new TreeMap<>();
            if (peek() == '{') {
                at++;
                while (peek() != '}') {
                    String label = identifier();
                    expect('=');
                    expect('"');
                    check(labels.put(label, quoted()) == null, line, "label comes twice");
                    if (peek() != '}') {
                        expect(',');
                    }
                }
                at++;
            }
            expect(' ');
            String[] rest = line.substring(at).split(" ", -1);
            check(rest.length <= 2, line, "more than value and timestamp");
            return new SampleLine(new Scrape.Series(name, labels), number(rest[0]));
        }

        private String identifier() {
            int start = at;
            while (at < line.length() && isIdentifier(line.charAt(at))) {
                at++;
            }
            check(at > start, line, "no name at column " + start);
            return line.substring(start, at);
        }

        private static boolean isIdentifier(char c) {
            return ALPHABET.indexOf(c) >= 0;
        }

        /** The text up to the closing quote, which is passed. */
        private String quoted() {
            StringBuilder text = new StringBuilder();
            while (peek() != '"') {
                char c = line.charAt(at++);
                text.append(c == '\\' ? escaped() : c);
            }
            at++;
            return text.toString();
        }

        private char escaped() {
            char c = peek();
            at++;
            return switch (c) {
                case 'n' -> '\n';
                case '\\', '"' -> c;
                default -> throw new IllegalArgumentException("unknown escape \\" + c + ": " + line);
            };
        }

        private double number(String text) {
            return switch (text) {
                case "+Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> {
                    try {
                        yield Double.parseDouble(text);
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException("not a number '" + text + "': " + line, e);
                    }
                }
            };
        }

        private char peek() {
            check(at < line.length(), line, "line ends too early");
            return line.charAt(at);
        }

        private void expect(char wanted) {
            check(peek() == wanted, line, "'" + wanted + "' expected at column " + at);
            at++;
        }
    }
}
