package io.nodetelemetry.internal.source.procfs;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /proc/uptime}: for how long the kernel has run, time asleep included (proc_uptime(5)). */
public final class Uptime {
    /** Seconds with two decimals; the second figure is the CPUs' idle time. */
    private static final Pattern FIRST = Pattern.compile("([0-9]{1,10})\\.([0-9]{2})(?: .*)?");

    private Uptime() {}

    /** In milliseconds; empty if it cannot be read. */
    public static OptionalLong readMillis(Path procRoot) {
        return ProcFiles.line(procRoot.resolve("uptime"))
                .map(Uptime::parseMillis)
                .orElse(OptionalLong.empty());
    }

    static OptionalLong parseMillis(String line) {
        Matcher matcher = FIRST.matcher(line);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)) * 1_000 + Long.parseLong(matcher.group(2)) * 10)
                : OptionalLong.empty();
    }
}
