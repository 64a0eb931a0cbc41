package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The sysctl {@code kernel.task_delayacct}: whether tasks that start from now on have their I/O delays accounted
 * (Documentation/accounting/delay-accounting.rst). Delays on a run queue do not depend on it.
 */
public enum DelayAccounting {
    ON,
    OFF,
    /** Before Linux 5.14, where it is on unless booted with {@code nodelayacct}, or without CONFIG_TASK_DELAY_ACCT. */
    NO_SWITCH;

    private static final String FILE = "sys/kernel/task_delayacct";

    /** As it is now; what cannot be read is no switch. */
    public static DelayAccounting read(Path procRoot) {
        return ProcFiles.line(procRoot.resolve(FILE))
                .map(text -> text.equals("0") ? OFF : ON)
                .orElse(NO_SWITCH);
    }

    /**
     * Switches it on, for the whole machine.
     *
     * @throws IOException if it is not there or may not be written
     */
    public static void enable(Path procRoot) throws IOException {
        Files.write(procRoot.resolve(FILE), "1\n".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
}
