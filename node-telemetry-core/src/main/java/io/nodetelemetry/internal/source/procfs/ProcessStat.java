package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code /proc/<pid>/stat} (proc_pid_stat(5)), as far as we need it.
 *
 * @param kernelThread whether it is a worker of the kernel, no program
 * @param threads how many there are; at least 1, of a zombie too
 * @param startTicks when it started, in {@link #TICKS_PER_SECOND}s of a second after the boot
 */
public record ProcessStat(boolean kernelThread, int threads, long startTicks) {
    /** USER_HZ: a constant of the interface, whatever the kernel's own HZ. */
    public static final long TICKS_PER_SECOND = 100;

    private static final int MAX_BYTES = 4_096;
    private static final long PF_KTHREAD = 0x00200000;
    /** Places after the closing bracket of the name, where field 3 is the first. */
    private static final int FLAGS = 9 - 3;

    private static final int NUM_THREADS = 20 - 3;
    private static final int START_TIME = 22 - 3;

    /**
     * Reads the file; empty if the process is gone.
     *
     * @throws IOException if it cannot be read or is not what it should be
     */
    public static Optional<ProcessStat> read(Path procRoot, int pid) throws IOException {
        Path file = procRoot.resolve(pid + "/stat");
        Optional<byte[]> bytes = ProcFiles.read(file, MAX_BYTES);
        if (bytes.isEmpty() || bytes.get().length == 0) {
            return Optional.empty();
        }
        Optional<ProcessStat> stat = parse(new String(bytes.get(), StandardCharsets.ISO_8859_1));
        if (stat.isEmpty()) {
            throw new IOException(file + " is not of the form that proc_pid_stat(5) describes");
        }
        return stat;
    }

    /** Empty if it is cut off or malformed. The name may hold anything, brackets and blanks too. */
    static Optional<ProcessStat> parse(String file) {
        String[] fields = file.substring(file.lastIndexOf(')') + 1).strip().split(" ", START_TIME + 2);
        if (fields.length < START_TIME + 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    (Long.parseLong(fields[FLAGS]) & PF_KTHREAD) != 0,
                    Math.max(1, Integer.parseInt(fields[NUM_THREADS])),
                    Long.parseLong(fields[START_TIME])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
