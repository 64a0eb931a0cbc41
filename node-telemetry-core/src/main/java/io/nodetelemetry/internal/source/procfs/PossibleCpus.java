package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.file.Path;

/** {@code /sys/devices/system/cpu/possible} (Documentation/admin-guide/cputopology.rst). */
public final class PossibleCpus {
    private PossibleCpus() {}

    /**
     * All processors that there can be, as the kernel writes lists, such as {@code 0-7}.
     *
     * @throws IOException if the file cannot be read
     */
    public static String list(Path sysRoot) throws IOException {
        Path file = sysRoot.resolve("devices/system/cpu/possible");
        return ProcFiles.line(file)
                .orElseThrow(() -> new IOException("cannot read " + file + "; mount sysfs there or set the sys root"));
    }
}
