package io.nodetelemetry.internal.source.procfs;

import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /proc/stat}: what the CPUs of the machine spent their time on (proc_stat(5)).
 *
 * <pre>
 * cpu  943402 0 200564 1231160 4166 0 90812 657 0 0
 * cpu0 465309 0 96956 627036 822 0 44696 335 0 0
 * cpu1 478092 0 103608 604123 3344 0 46116 321 0 0
 * intr 26897288 0 0 …
 * </pre>
 *
 * @param micros by mode, in microseconds since the start of the machine, summed over the CPUs; counted in ticks of
 *     USER_HZ. A mode that the kernel does not tell is absent. {@code IDLE} and {@code IOWAIT} can fall by a little.
 * @param logicalCores CPUs that are online
 */
public record ProcStat(Map<CpuMode, Long> micros, int logicalCores) {
    /** Room for some 5 000 CPUs; nothing is read after them. */
    private static final int MAX_BYTES = 1 << 19;

    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,14}");
    private static final Pattern CORE = Pattern.compile("cpu[0-9]{1,9}");

    public ProcStat {
        micros = Map.copyOf(micros);
    }

    /**
     * Reads the file; empty if there is none.
     *
     * @throws IOException if it may not be read, or tells nothing of CPUs
     */
    public static Optional<ProcStat> read(Path procRoot) throws IOException {
        Path file = procRoot.resolve("stat");
        Optional<byte[]> bytes = ProcFiles.read(file, MAX_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ProcStat stat = parse(new String(bytes.get(), StandardCharsets.ISO_8859_1), Libc.clockTicksPerSecond());
        if (stat.micros().isEmpty()) {
            throw new IOException(file + ": no line 'cpu' with times");
        }
        return Optional.of(stat);
    }

    /**
     * Takes what is well formed.
     *
     * @param ticksPerSecond USER_HZ
     */
    static ProcStat parse(String file, long ticksPerSecond) {
        Map<CpuMode, Long> micros = new EnumMap<>(CpuMode.class);
        int cores = 0;
        for (int start = 0, end; (end = file.indexOf('\n', start)) >= 0; start = end + 1) {
            if (!file.startsWith("cpu", start)) {
                // Their lines come first; that of the interrupts may be very long.
                break;
            }
            String line = file.substring(start, end);
            if (line.startsWith("cpu ")) {
                micros.putAll(times(line, ticksPerSecond));
            } else if (CORE.matcher(line.substring(0, Math.max(0, line.indexOf(' '))))
                    .matches()) {
                cores++;
            }
        }
        return new ProcStat(micros, cores);
    }

    private static Map<CpuMode, Long> times(String line, long ticksPerSecond) {
        Map<CpuMode, Long> micros = new EnumMap<>(CpuMode.class);
        String[] columns = BLANKS.split(line, -1);
        int column = 0;
        for (CpuMode mode : CpuMode.values()) {
            column++;
            if (column < columns.length && NUMBER.matcher(columns[column]).matches()) {
                micros.put(mode, micros(Long.parseLong(columns[column]), ticksPerSecond));
            }
        }
        return micros;
    }

    private static long micros(long ticks, long ticksPerSecond) {
        long rest = ticks % ticksPerSecond;
        return ticks / ticksPerSecond * 1_000_000 + rest * 1_000_000 / ticksPerSecond;
    }
}
