package io.nodetelemetry.cli;

import java.util.stream.Collectors;

/** A flag as it must stand in the table of the README. */
final class ReadmeRow {
    private ReadmeRow() {}

    static String of(Flag flag) {
        return "| " + names(flag) + " | "
                + (flag.defaultText().isEmpty() ? "" : "`" + flag.defaultText() + "`") + " | "
                + flag.variables().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")) + " | "
                + flag.description() + (flag.isRepeatable() ? "; repeatable" : "") + " |";
    }

    private static String names(Flag flag) {
        String value = flag.placeholder().isEmpty() ? "" : "=" + flag.placeholder();
        return flag.names().stream().map(name -> "`" + name + value + "`").collect(Collectors.joining(", "));
    }
}
