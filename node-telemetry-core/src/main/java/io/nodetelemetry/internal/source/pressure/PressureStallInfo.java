package io.nodetelemetry.internal.source.pressure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * For how long tasks waited for a resource: {@code /proc/pressure/cpu} and its neighbours, {@code cpu.pressure} and its
 * neighbours in a cgroup (Documentation/accounting/psi.rst):
 *
 * <pre>
 * some avg10=0.00 avg60=0.00 avg300=0.00 total=103416
 * full avg10=0.00 avg60=0.00 avg300=0.00 total=88120
 * </pre>
 *
 * @param someMicros time for which at least one task waited, in microseconds since the start of the kernel or of the cgroup
 * @param fullMicros time for which every task that was not idle waited; empty for the CPU before Linux 5.13
 */
public record PressureStallInfo(OptionalLong someMicros, OptionalLong fullMicros) {
    private static final int MAX_BYTES = 4_096;
    private static final String TOTAL = " total=";

    /**
     * Reads a file; empty if there is none, or the kernel does not account pressure ({@code psi=1}), or not for this
     * cgroup ({@code cgroup.pressure}).
     *
     * @throws IOException if it may not be read
     */
    public static Optional<PressureStallInfo> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // EOPNOTSUPP where it is switched off, ENODEV of a cgroup that was just removed: without exceptions of
            // their own.
            String message = String.valueOf(e.getMessage());
            if (message.contains("not supported") || message.contains("No such device")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Takes the lines that are there and whole; a line that is not is absent. */
    public static PressureStallInfo parse(String text) {
        OptionalLong some = OptionalLong.empty();
        OptionalLong full = OptionalLong.empty();
        for (int start = 0, end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
            if (text.startsWith("some ", start)) {
                some = total(text, start, end);
            } else if (text.startsWith("full ", start)) {
                full = total(text, start, end);
            }
        }
        return new PressureStallInfo(some, full);
    }

    private static OptionalLong total(String text, int start, int end) {
        int found = text.indexOf(TOTAL, start);
        int digits = found + TOTAL.length();
        if (found < 0 || digits >= end) {
            return OptionalLong.empty();
        }
        try {
            long micros = Long.parseLong(text, digits, end, 10);
            return micros < 0 ? OptionalLong.empty() : OptionalLong.of(micros);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
