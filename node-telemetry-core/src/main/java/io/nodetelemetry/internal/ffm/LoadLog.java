package io.nodetelemetry.internal.ffm;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in libbpf's output the line that says why: of the verifier's log its last sentence, else libbpf's own last one
 * that is not a mere consequence. Pure.
 *
 * @param program the program whose verification failed, absent when the failure was another
 * @param line the telling line, empty if there is none
 */
record LoadLog(Optional<String> program, String line) {
    private static final Pattern BEGIN =
            Pattern.compile("^libbpf: prog '([^']*)': -- BEGIN PROG LOAD LOG --$", Pattern.MULTILINE);
    private static final String END = "-- END PROG LOAD LOG --";

    /** Statistics that the verifier adds after its last word. */
    private static final List<String> STATISTICS =
            List.of("processed ", "verification time ", "stack depth ", "mark_precise:", "insns_state ");

    /** What libbpf says after it has said why. */
    private static final Pattern CONSEQUENCE = Pattern.compile(
            "(prog '[^']*': )?(failed to load: -?\\d+|BPF program load failed: .*|-- (BEGIN|END) PROG LOAD LOG --)"
                    + "|failed to load (object|program) .*|permission error while running as root; .*");

    private static final int MAX_LINE = 300;

    static LoadLog of(String captured) {
        Optional<Section> rejected = lastVerifierSection(captured);
        if (rejected.isPresent()) {
            Optional<String> sentence = rejected.get().lines().reversed().stream()
                    .filter(line -> !line.isBlank() && STATISTICS.stream().noneMatch(line::startsWith))
                    .findFirst();
            if (sentence.isPresent()) {
                return new LoadLog(Optional.of(rejected.get().program()), shortened(sentence.get()));
            }
        }
        String line = captured.lines()
                .filter(text -> text.startsWith("libbpf: "))
                .map(text -> text.substring("libbpf: ".length()))
                .filter(text -> !CONSEQUENCE.matcher(text).matches())
                .reduce("", (before, last) -> last);
        return new LoadLog(Optional.empty(), shortened(line));
    }

    private record Section(String program, List<String> lines) {}

    private static Optional<Section> lastVerifierSection(String captured) {
        Matcher begin = BEGIN.matcher(captured);
        Optional<Section> last = Optional.empty();
        while (begin.find()) {
            int end = captured.indexOf(END, begin.end());
            String body = captured.substring(begin.end(), end < 0 ? captured.length() : end);
            last = Optional.of(new Section(begin.group(1), body.lines().toList()));
        }
        return last;
    }

    private static String shortened(String line) {
        String text = line.strip();
        return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…";
    }
}
