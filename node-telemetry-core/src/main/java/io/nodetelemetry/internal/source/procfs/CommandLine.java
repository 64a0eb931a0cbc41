package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/<pid>/cmdline}: the words of a process's command line (proc_pid_cmdline(5)). A program can write
 * something else there, as servers do that show their role: {@code nginx: master process nginx -g daemon off;}, and
 * {@code postgres: checkpointer} are one word each.
 *
 * @param words bytes that are not UTF-8 have been replaced; empty for kernel threads and for processes that have ended
 */
public record CommandLine(List<String> words) {
    /** Of a server in Java most is its class path, and the class it runs comes after that. */
    private static final int MAX_BYTES = 1 << 15;

    public CommandLine {
        words = List.copyOf(words);
    }

    /**
     * Reads the file as it is; empty if the process is gone. Takes a lock of the process's memory, for which it may have
     * to wait.
     *
     * @throws IOException if it may not be read
     */
    public static Optional<byte[]> read(Path procRoot, int pid) throws IOException {
        return ProcFiles.read(procRoot.resolve(pid + "/cmdline"), MAX_BYTES);
    }

    /** Takes any bytes: words end with a NUL, the last one perhaps without. */
    public static CommandLine parse(byte[] file) {
        int end = file.length;
        while (end > 0 && file[end - 1] == 0) {
            end--;
        }
        String text = new String(file, 0, end, StandardCharsets.UTF_8);
        return new CommandLine(text.isEmpty() ? List.of() : List.of(text.split("\0", -1)));
    }

    /** What the program is called: the first word as far as the first blank, without a colon at its end. */
    public String program() {
        if (words.isEmpty()) {
            return "";
        }
        String first = words.getFirst();
        int blank = first.indexOf(' ');
        String program = blank < 0 ? first : first.substring(0, blank);
        return program.endsWith(":") ? program.substring(0, program.length() - 1) : program;
    }

    /** Whether a text stands anywhere in the line. */
    public boolean contains(String text) {
        return words.stream().anyMatch(word -> word.contains(text));
    }
}
