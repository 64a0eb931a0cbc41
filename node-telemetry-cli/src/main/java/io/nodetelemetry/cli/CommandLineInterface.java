package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetryBuilder;
import io.nodetelemetry.cli.PatternsCommand.Output;
import io.nodetelemetry.cli.logging.ConsoleLogging;
import io.nodetelemetry.model.LogLevel;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** From the arguments to an exit code. What goes wrong is one message on standard error, never a stack trace. */
final class CommandLineInterface {
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final ToIntFunction<NodeTelemetryBuilder> agent;

    CommandLineInterface(Map<String, String> environment, PrintStream out, PrintStream err) {
        this(environment, out, err, builder -> new RunCommand(err).run(builder));
    }

    /** With something else than the agent to run. */
    CommandLineInterface(
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            ToIntFunction<NodeTelemetryBuilder> agent) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.agent = agent;
    }

    /** Runs until a signal comes, unless there is something to show or to complain about. */
    int run(String... arguments) {
        try {
            ParseResult parsed = parse(arguments);
            ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            if (command.isUsageHelpRequested() || parsed.isUsageHelpRequested()) {
                (parsed.hasSubcommand() ? command.commandSpec().commandLine() : CommandModel.help()).usage(out);
                return ExitCode.OK;
            }
            if (command.isVersionHelpRequested() || parsed.isVersionHelpRequested()) {
                command.commandSpec().commandLine().printVersionHelp(out);
                return ExitCode.OK;
            }
            if (command.commandSpec().name().equals(CommandModel.PATTERNS)) {
                return patterns(command);
            }
            Settings settings = new SettingsReader(environment).read(CommandModel.given(parsed));
            NodeTelemetryBuilder builder = settings.toBuilder(new OpenTelemetryVariables(environment));
            ConsoleLogging.install(settings.logLevel(), err);
            settings.warnings().forEach(warning -> err.println("node-telemetry: " + warning));
            return parsed.hasSubcommand()
                    ? new DoctorCommand(out).examine(builder.config(), command.hasMatchedOption(CommandModel.JSON))
                    : agent.applyAsInt(builder);
        } catch (UsageException e) {
            err.println("node-telemetry: " + e.getMessage());
            err.println("Try 'node-telemetry --help'.");
            return ExitCode.USAGE;
        }
    }

    private int patterns(ParseResult command) throws UsageException {
        boolean json = command.hasMatchedOption(CommandModel.JSON);
        boolean assign = command.hasMatchedOption(CommandModel.ASSIGN);
        if (json && assign) {
            throw new UsageException("--json and --assign exclude each other");
        }
        if (!command.hasMatchedPositional(0)) {
            throw new UsageException("patterns: which log? Name a file, or - for standard input");
        }
        return new PatternsCommand(System.in, out, err, CommandLine.Help.Ansi.AUTO.enabled())
                .print(
                        command.matchedPositionalValue(0, ""),
                        assign ? Output.ASSIGNMENT : json ? Output.JSON : Output.TABLE,
                        command.hasMatchedOption(CommandModel.ALL_LEVELS) ? LogLevel.UNKNOWN : LogLevel.WARNING);
    }

    private static ParseResult parse(String... arguments) throws UsageException {
        CommandLine commandLine = CommandModel.create();
        try {
            return commandLine.parseArgs(arguments);
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(unknown(e), e);
        } catch (ParameterException e) {
            throw new UsageException(message(e), e);
        }
    }

    /** Picocli speaks of a flag by its longest name, which may not be the one that was written. */
    private static String message(ParameterException e) {
        String message = String.valueOf(e.getMessage());
        for (Flag flag : Flags.ALL) {
            for (String name : flag.names()) {
                message = message.replace("'" + name + "'", "'" + flag.name() + "'");
            }
        }
        return message;
    }

    private static String unknown(UnmatchedArgumentException e) {
        String argument = e.getUnmatched().getFirst();
        String message = "unknown " + (argument.startsWith("-") ? "flag" : "command") + " '" + argument + "'";
        List<String> near = e.getSuggestions();
        return near.isEmpty() ? message : message + "; did you mean '" + String.join("' or '", near) + "'?";
    }
}
