package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.model.LogLevel.CRITICAL;
import static io.nodetelemetry.model.LogLevel.DEBUG;
import static io.nodetelemetry.model.LogLevel.ERROR;
import static io.nodetelemetry.model.LogLevel.INFO;
import static io.nodetelemetry.model.LogLevel.UNKNOWN;
import static io.nodetelemetry.model.LogLevel.WARNING;

import io.nodetelemetry.LogPatternCounter;
import io.nodetelemetry.LogPatterns;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.testing.LoadDriver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Messages that the tests' programs write by turns, with a number in each, and what has to be counted of them. */
final class LogLines {
    /**
     * One kind of message.
     *
     * @param level that is to be found in it
     * @param template of one line; {@code %d} in it becomes a number, and a priority such as {@code <3>} may come before it
     */
    record Kind(LogLevel level, String template) {
        /** Whether it is of this kind, whatever the number. */
        boolean wrote(String line) {
            int number = text().indexOf("%d");
            return line.startsWith(text().substring(0, number)) && line.contains(text().substring(number + 2));
        }

        /** What is written of it with a number. */
        String text(int number) {
            return text().replace("%d", Integer.toString(number));
        }

        private String text() {
            return template.startsWith("<") ? template.substring("<0>".length()) : template;
        }
    }

    /** All levels, text and structured. None of them begins with a time, so none goes on with another. */
    static final LogLines MIXED = new LogLines(
            new Kind(ERROR, "ERROR cannot write block %d to disk 3"),
            new Kind(INFO, "INFO served request %d in 12 ms"),
            new Kind(WARNING, "WARN retry %d of the request, as the backend timed out"),
            new Kind(UNKNOWN, "listening on port %d"),
            new Kind(ERROR, "level=error msg=\"queue is full\" size=%d"),
            new Kind(DEBUG, "DEBUG looked up key %d in the cache"),
            new Kind(CRITICAL, "FATAL out of file descriptors after %d connections"),
            new Kind(WARNING, "{\"level\":\"warn\",\"msg\":\"lease of shard %d was lost\"}"));

    /** The end of a longer message may be of no account. */
    private static final int SHORT = 8 * 1_024;

    private final List<Kind> kinds;
    private final int length;

    private LogLines(List<Kind> kinds, int length) {
        this.kinds = List.copyOf(kinds);
        this.length = length;
    }

    LogLines(Kind... kinds) {
        this(List.of(kinds), 0);
    }

    /** The same without structured ones, filled up to a length in bytes. */
    LogLines filledTo(int bytes) {
        return new LogLines(
                kinds.stream()
                        .filter(kind -> !kind.template().contains("="))
                        .filter(kind -> !kind.template().contains("{"))
                        .toList(),
                bytes);
    }

    /** The same with another level where the text tells none. */
    LogLines withDefault(LogLevel level) {
        return new LogLines(
                kinds.stream()
                        .map(kind -> kind.level() == UNKNOWN ? new Kind(level, kind.template()) : kind)
                        .toList(),
                length);
    }

    List<Kind> kinds() {
        return kinds;
    }

    /** The line of this number. */
    String line(int number) {
        return kinds.get(number % kinds.size()).text(number);
    }

    private List<String> templates() {
        return kinds.stream().map(Kind::template).toList();
    }

    /** The command line of {@code logwriter} in a container. */
    String[] writer(int count, String... options) {
        return command("/load", count, options).toArray(String[]::new);
    }

    /** The same outside of containers. */
    List<String> hostWriter(int count, String... options) {
        return command(LoadDriver.folder().toString(), count, options);
    }

    private List<String> command(String folder, int count, String... options) {
        List<String> line = new ArrayList<>(List.of(folder + "/logwriter", "-l", Integer.toString(length)));
        line.addAll(List.of(options));
        line.add(Integer.toString(count));
        line.addAll(templates());
        return line;
    }

    /** A shell's loop that writes a number of lines, which has to be a multiple of the kinds. */
    String shell(int count) {
        StringBuilder loop = new StringBuilder("i=0; while [ $i -lt " + rounds(count) + " ]; do ");
        templates().forEach(template -> loop.append("printf '").append(template).append("\\n' $i; "));
        return loop.append("i=$((i + 1)); done").toString();
    }

    private int rounds(int count) {
        if (count % kinds.size() != 0) {
            throw new IllegalArgumentException(count + " is no multiple of " + kinds.size());
        }
        return count / kinds.size();
    }

    /** What is to be counted of the first lines that a writer wrote. */
    Map<LogMessages.Row, Long> counts(String source, long count) {
        Map<LogMessages.Row, Long> counts = new HashMap<>();
        for (int i = 0; i < kinds.size(); i++) {
            long lines = (count + kinds.size() - 1 - i) / kinds.size();
            if (lines > 0) {
                counts.merge(row(source, kinds.get(i)), lines, Long::sum);
            }
        }
        return counts;
    }

    /** What is to be counted of these lines, each of which is a message. */
    Map<LogMessages.Row, Long> counts(String source, Stream<String> lines) {
        Map<LogMessages.Row, Long> counts = new HashMap<>();
        lines.forEach(line -> counts.merge(row(source, kindOf(line)), 1L, Long::sum));
        return counts;
    }

    private Kind kindOf(String line) {
        return kinds.stream()
                .filter(kind -> kind.wrote(line))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing writes '" + line + "'"));
    }

    private LogMessages.Row row(String source, Kind kind) {
        String level = kind.level().label();
        if (kind.level().compareTo(WARNING) < 0) {
            return new LogMessages.Row(source, level, "");
        }
        String message = kind.text(7);
        return new LogMessages.Row(
                source, level, hash(length == 0 ? message : message + ' ' + "0".repeat(length - message.length() - 1)));
    }

    /** The hash of a message, of one line or of several, however long. */
    static String hash(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        if (message.indexOf('\n') < 0 && text.length < SHORT) {
            return new LogPatterns().hashOf(text, 0, text.length);
        }
        LogPatternCounter counter = new LogPatternCounter(UNKNOWN, 1);
        message.lines()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .forEach(line -> counter.line(line, 0, line.length));
        counter.end();
        if (counter.messages() != 1) {
            throw new AssertionError(counter.messages() + " messages instead of one: " + message);
        }
        return counter.counts().getFirst().pattern().hash();
    }
}
