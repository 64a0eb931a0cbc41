package io.nodetelemetry.internal.source.procfs;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The running kernel's release, for example {@code 6.12.8-amd64}. Source: {@code /proc/sys/kernel/osrelease}
 * (proc_sys_kernel(5)), which is the host's in every container.
 *
 * @param value as the kernel says it
 * @param major the first number
 * @param minor the second number
 */
public record KernelRelease(String value, int major, int minor) {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:[^0-9].*)?");

    /** Empty if the file cannot be read or does not begin with two numbers. */
    public static Optional<KernelRelease> read(Path procRoot) {
        return ProcFiles.line(procRoot.resolve("sys/kernel/osrelease")).flatMap(KernelRelease::parse);
    }

    static Optional<KernelRelease> parse(String text) {
        Matcher matcher = RELEASE.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new KernelRelease(text, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** Whether this kernel is that one or newer. */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }
}
