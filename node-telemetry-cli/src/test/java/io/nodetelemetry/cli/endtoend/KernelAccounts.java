package io.nodetelemetry.cli.endtoend;

import io.nodetelemetry.testing.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel itself says of a running container, read without the agent, on cgroup v1, v2 and both. */
final class KernelAccounts {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final List<String> cgroups;
    private final Path process;

    private KernelAccounts(Path process, List<String> cgroups) {
        this.process = process;
        this.cgroups = cgroups;
    }

    static KernelAccounts of(Container container) {
        Path process = Path.of("/proc", Long.toString(container.pid()));
        return new KernelAccounts(
                process, List.of(read(process.resolve("cgroup")).split("\n", -1)));
    }

    /** CPU time of its cgroup in seconds. */
    double cpuSeconds() {
        return v1("cpuacct", "cpuacct.usage")
                .map(text -> Long.parseLong(text.strip()) / 1e9)
                .orElseGet(() -> number("usage_usec (\\d+)", v2("cpu.stat").orElseThrow()) / 1e6);
    }

    /** CPU time of its first process and the children that it waited for, in seconds: proc_pid_stat(5). */
    double processSeconds() {
        String stat = read(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int field = 11; field <= 14; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / 100.0;
    }

    /** Time for which its quota held it back, in seconds. */
    double throttledSeconds() {
        return v1("cpu", "cpu.stat")
                .map(text -> number("throttled_time (\\d+)", text) / 1e9)
                .orElseGet(() -> number("throttled_usec (\\d+)", v2("cpu.stat").orElseThrow()) / 1e6);
    }

    /** Time for which some of its tasks waited for a CPU, in seconds; empty where the kernel does not account it. */
    Optional<Double> cpuPressureSeconds() {
        return v2("cpu.pressure").map(text -> number("some .*total=(\\d+)", text) / 1e6);
    }

    private Optional<String> v1(String controller, String file) {
        for (String line : cgroups) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
                return readIfThere(ROOT.resolve(controller + parts[2]).resolve(file));
            }
        }
        return Optional.empty();
    }

    private Optional<String> v2(String file) {
        Path root = Files.exists(ROOT.resolve("unified")) ? ROOT.resolve("unified") : ROOT;
        for (String line : cgroups) {
            if (line.startsWith("0::")) {
                return readIfThere(root.resolve(line.substring("0::/".length())).resolve(file));
            }
        }
        return Optional.empty();
    }

    private static double number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static Optional<String> readIfThere(Path file) {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
