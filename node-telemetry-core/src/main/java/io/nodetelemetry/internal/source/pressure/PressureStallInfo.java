package io.nodetelemetry.internal.source.pressure;

import io.nodetelemetry.internal.source.KernelText;
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
        return parse(KernelText.of(text));
    }

    /** The same of a text that was read elsewhere. */
    public static PressureStallInfo parse(KernelText text) {
        OptionalLong some = OptionalLong.empty();
        OptionalLong full = OptionalLong.empty();
        while (text.nextLine()) {
            if (!text.nextWord()) {
                continue;
            }
            if (text.is("some")) {
                some = total(text);
            } else if (text.is("full")) {
                full = total(text);
            }
        }
        return new PressureStallInfo(some, full);
    }

    private static OptionalLong total(KernelText text) {
        while (text.nextWord()) {
            if (text.is("total")) {
                return text.nextNumber();
            }
        }
        return OptionalLong.empty();
    }
}
