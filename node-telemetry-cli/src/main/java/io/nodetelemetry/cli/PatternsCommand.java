package io.nodetelemetry.cli;

import io.nodetelemetry.LogPatternCounter;
import io.nodetelemetry.LogPatterns;
import io.nodetelemetry.model.LogLevel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The {@code patterns} command. */
final class PatternsCommand {
    /** Of the command line. */
    enum Output {
        TABLE,
        JSON,
        /** One hash for each line, in order. */
        ASSIGNMENT
    }

    /** Of each level. */
    static final int MAX_PATTERNS = 10_000;

    private static final String STANDARD_INPUT = "-";
    private static final long LINES_PER_REPORT = 500_000;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean showsProgress;

    /** @param showsProgress whether somebody waits at a terminal */
    PatternsCommand(InputStream in, PrintStream out, PrintStream err, boolean showsProgress) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.showsProgress = showsProgress;
    }

    /** @param lowest patterns of lines below this level are not listed */
    int print(String file, Output output, LogLevel lowest) {
        try {
            if (file.equals(STANDARD_INPUT)) {
                print(in, output, lowest);
            } else {
                try (InputStream lines = Files.newInputStream(Path.of(file))) {
                    print(lines, output, lowest);
                }
            }
            return ExitCode.OK;
        } catch (NoSuchFileException e) {
            err.println("node-telemetry: '" + file + "' does not exist; name a file, or - for standard input");
        } catch (InvalidPathException | IOException e) {
            err.println("node-telemetry: '" + file + "' cannot be read: " + e.getMessage());
        }
        return ExitCode.CANNOT_RUN;
    }

    private void print(InputStream input, Output output, LogLevel lowest) throws IOException {
        if (output == Output.ASSIGNMENT) {
            assign(input);
            return;
        }
        LogPatternCounter counter = count(input, lowest);
        if (output == Output.JSON) {
            out.println(PatternJson.of(counter));
        } else {
            out.print(PatternTable.of(counter));
        }
    }

    private LogPatternCounter count(InputStream input, LogLevel lowest) throws IOException {
        LineSource lines = new LineSource(input);
        LogPatternCounter counter = new LogPatternCounter(lowest, MAX_PATTERNS);
        while (lines.next()) {
            counter.line(lines.buffer(), lines.start(), lines.end());
            if (showsProgress && counter.lines() % LINES_PER_REPORT == 0) {
                err.print("\r" + counter.lines() + " lines, " + counter.messages() + " messages");
                err.flush();
            }
        }
        counter.end();
        if (showsProgress && counter.lines() >= LINES_PER_REPORT) {
            err.println();
        }
        return counter;
    }

    private void assign(InputStream input) throws IOException {
        LineSource lines = new LineSource(input);
        LogPatterns patterns = new LogPatterns();
        BufferedOutputStream hashes = new BufferedOutputStream(out, 1 << 16);
        while (lines.next()) {
            String hash = patterns.hashOf(lines.buffer(), lines.start(), lines.end());
            hashes.write((hash + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        hashes.flush();
    }
}
