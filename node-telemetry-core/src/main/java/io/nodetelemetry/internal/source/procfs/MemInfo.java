package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code /proc/meminfo}: the machine's memory (proc_meminfo(5)). The kernel writes {@code kB} and means 1 024 bytes.
 *
 * @param totalBytes what the kernel manages: the installed memory less what the firmware and the kernel's image took
 * @param freeBytes what nothing uses
 * @param availableBytes what programs can have without swapping, as the kernel estimates it; since Linux 3.14
 * @param cachedBytes page cache, tmpfs included
 */
public record MemInfo(
        OptionalLong totalBytes, OptionalLong freeBytes, OptionalLong availableBytes, OptionalLong cachedBytes) {
    private static final int MAX_BYTES = 1 << 16;
    private static final String UNIT = " kB";
    private static final long MAX_KIBIBYTES = Long.MAX_VALUE / 1_024;

    /**
     * Reads the file; empty if there is none.
     *
     * @throws IOException if it may not be read
     */
    public static Optional<MemInfo> read(Path procRoot) throws IOException {
        return ProcFiles.read(procRoot.resolve("meminfo"), MAX_BYTES)
                .map(bytes -> parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    /** A line that is not there, or not whole, is absent. */
    static MemInfo parse(String file) {
        return new MemInfo(
                bytes(file, "MemTotal:"),
                bytes(file, "MemFree:"),
                bytes(file, "MemAvailable:"),
                bytes(file, "Cached:"));
    }

    private static OptionalLong bytes(String file, String key) {
        for (int start = 0, end; (end = file.indexOf('\n', start)) >= 0; start = end + 1) {
            if (file.startsWith(key, start)) {
                return kibibytes(file.substring(start + key.length(), end));
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong kibibytes(String value) {
        if (!value.endsWith(UNIT)) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(
                    value.substring(0, value.length() - UNIT.length()).strip());
            return number < 0 || number > MAX_KIBIBYTES ? OptionalLong.empty() : OptionalLong.of(number * 1_024);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
