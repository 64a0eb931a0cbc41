package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@link Flags} as picocli's model, made without reflection for the sake of a quick start. */
final class CommandModel {
    static final String DOCTOR = "doctor";
    static final String PATTERNS = "patterns";
    static final String JSON = "--json";
    static final String ASSIGN = "--assign";
    static final String ALL_LEVELS = "--all-levels";

    private CommandModel() {}

    /** For parsing: options stand by themselves, as picocli lets those of a group be repeated. */
    static CommandLine create() {
        CommandSpec root = root();
        Flags.ALL.forEach(flag -> root.addOption(option(flag, false)));
        return new CommandLine(root).setExpandAtFiles(false);
    }

    /** For the help text: options stand under headings. */
    static CommandLine help() {
        CommandSpec root = root();
        int order = 0;
        for (Flag.Group group : Flag.Group.values()) {
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .heading("%n" + group.heading + ":%n")
                    .order(order++)
                    .validate(false);
            Flags.ALL.stream()
                    .filter(flag -> flag.group() == group)
                    .forEach(flag -> section.addArg(option(flag, false)));
            root.addArgGroup(section.build());
        }
        root.usageMessage()
                .description("Watches this Linux node: which container talks to which, over TCP, counted in the kernel."
                        + " Reports OpenTelemetry metrics to whoever scrapes, and pushes them if told to.%n")
                .commandListHeading("%nCommands:%n")
                .footer(footer());
        return new CommandLine(root);
    }

    private static CommandSpec root() {
        return spec("node-telemetry")
                .addSubcommand(DOCTOR, new CommandLine(doctor()))
                .addSubcommand(PATTERNS, new CommandLine(patterns()));
    }

    private static CommandSpec doctor() {
        CommandSpec doctor = spec(DOCTOR).addOption(option(JSON, "Print JSON."));
        // The same flags, so that what is to be run can be examined.
        Flags.ALL.forEach(flag -> doctor.addOption(option(flag, true)));
        doctor.usageMessage()
                .description(
                        "Examines what this machine offers, and says what to do about what is missing. Takes all flags of"
                                + " node-telemetry as well. Ends with 0 if TCP can be counted by container, with 1 if not.%n");
        return doctor;
    }

    private static CommandSpec patterns() {
        CommandSpec patterns = spec(PATTERNS)
                .addOption(option(JSON, "Print JSON."))
                .addOption(option(ASSIGN, "Print the hash of each line's pattern, in the order of the lines."))
                .addOption(option(ALL_LEVELS, "List patterns of every level, not of warnings and worse alone."))
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(String.class)
                        .paramLabel("FILE")
                        .description("The log; - for standard input.")
                        .build());
        patterns.usageMessage()
                .description(
                        "Lists the patterns of a log: what lines of the same log statement have in common. Needs no"
                                + " privilege. Ends with 1 if the file cannot be read.%n");
        return patterns;
    }

    private static OptionSpec option(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    private static CommandSpec spec(String name) {
        CommandSpec spec = CommandSpec.create()
                .name(name)
                .version("node-telemetry " + NodeTelemetry.version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("Show this help and end.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .type(boolean.class)
                        .arity("0")
                        .versionHelp(true)
                        .description("Show the version and end.")
                        .build());
        spec.usageMessage().abbreviateSynopsis(true).width(110).sortOptions(false);
        return spec;
    }

    private static OptionSpec option(Flag flag, boolean hidden) {
        OptionSpec.Builder option = OptionSpec.builder(flag.names().toArray(String[]::new))
                .description(description(flag))
                .hidden(hidden);
        return switch (flag.kind()) {
            case SWITCH -> option.type(boolean.class).arity("0").build();
            case VALUE ->
                option.type(String.class)
                        .arity("1")
                        .paramLabel(flag.placeholder())
                        .build();
            case LIST, LINES ->
                option.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .paramLabel(flag.placeholder())
                        .build();
        };
    }

    private static String description(Flag flag) {
        String text = flag.description() + ".";
        if (flag.isRepeatable()) {
            text += " Repeatable.";
        }
        if (!flag.defaultText().isEmpty()) {
            text += " Default: " + flag.defaultText() + ".";
        }
        return text + " [" + String.join(", ", flag.variables()) + "]";
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Each flag can be given as the environment variable in brackets; the flag goes first.");
        lines.add("The OpenTelemetry variables hold as well:");
        OpenTelemetryVariables.DOCUMENTED.forEach((name, text) -> lines.add("  %-36s %s".formatted(name, text)));
        lines.add("");
        lines.add("Exit codes: 0 stopped by a signal, 1 cannot run, 2 wrong flag or variable.");
        return lines.toArray(String[]::new);
    }

    /** The texts that were given for each flag, those behind the command's name last. */
    static Map<Flag, List<String>> given(ParseResult result) {
        Map<Flag, List<String>> given = new LinkedHashMap<>();
        for (ParseResult part = result; part != null; part = part.subcommand()) {
            for (Flag flag : Flags.ALL) {
                OptionSpec option = part.matchedOption(flag.name());
                if (option != null) {
                    given.computeIfAbsent(flag, absent -> new ArrayList<>()).addAll(option.stringValues());
                }
            }
        }
        return given;
    }
}
