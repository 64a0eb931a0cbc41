package io.nodetelemetry.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One flag, all about it in one place: help, README and tests are made from this.
 *
 * @param names with their dashes; the first is the one we write
 * @param kind how it is given
 * @param placeholder stands for the value in the help, empty for a switch
 * @param defaultText what holds without it, for the help; empty if nothing does
 * @param group the heading it stands under
 * @param description for people, without a full stop at the end
 * @param setter takes the value, {@code "true"} for a switch
 */
record Flag(
        List<String> names,
        Kind kind,
        String placeholder,
        String defaultText,
        Group group,
        String description,
        Setter setter) {

    /** How a flag is given. */
    enum Kind {
        /** No value; in a variable {@code true} or {@code false}. */
        SWITCH,
        /** One value. */
        VALUE,
        /** Any number of times, and several values with commas between them. */
        LIST,
        /** Any number of times, in a variable one value a line: for values that may hold commas. */
        LINES
    }

    /** Headings of the help, in its order. */
    enum Group {
        OUTLETS("Where the metrics go"),
        WATCHED("What is watched"),
        CLOUD("What is said of the cloud"),
        KERNEL("Where the host is seen"),
        PROGRAM("The program");

        final String heading;

        Group(String heading) {
            this.heading = heading;
        }
    }

    /** Takes a flag's value. */
    @FunctionalInterface
    interface Setter {
        /** Throws {@link IllegalArgumentException} with a message that holds the value and what is allowed. */
        void set(Settings settings, String value);
    }

    Flag {
        names = List.copyOf(names);
    }

    boolean isRepeatable() {
        return kind == Kind.LIST || kind == Kind.LINES;
    }

    String name() {
        return names.getFirst();
    }

    /** Its environment variables: the names in upper case with underscores. */
    List<String> variables() {
        return names.stream()
                .map(name -> name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'))
                .toList();
    }

    /** Applies one text as given by the user; blank parts of a list are skipped. */
    void apply(Settings settings, String text) {
        if (isRepeatable()) {
            Stream.of(text.split(kind == Kind.LIST ? "," : "\n", -1))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .forEach(part -> setter.set(settings, part));
        } else {
            setter.set(settings, text);
        }
    }
}
