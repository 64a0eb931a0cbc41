package io.nodetelemetry.cli;

/** Text of others on a terminal, which would obey its control characters. */
final class Printable {
    private Printable() {}

    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? c == '\t' ? ' ' : '\ufffd' : c));
        return printable.toString();
    }
}
