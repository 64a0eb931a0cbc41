package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel is and allows. */
final class KernelChecks {
    private static final Subject KERNEL = Subject.essential("kernel", "BPF programs with CO-RE and a ring buffer");
    private static final Subject BTF = Subject.essential("BTF", "BPF programs that fit this kernel (CO-RE)");
    private static final Subject TRACEFS = Subject.useful("tracefs", "tracepoints: the fallback for TCP");
    private static final Subject LOCKDOWN = Subject.useful("lockdown", "reading kernel memory from BPF programs");
    private static final Subject UNPRIVILEGED =
            Subject.useful("unprivileged BPF", "the safety of this machine; the agent does not need it");
    private static final Subject DELAYS = Subject.useful("delay accounting", "disk delays of containers");
    private static final Subject PRESSURE = Subject.useful("pressure", "time lost to waiting for CPU, memory and I/O");

    private static final Subject INOTIFY = Subject.useful("inotify", "hearing of what is written to logs");

    private static final Subject NAT = Subject.useful("NAT", "what connections reach where addresses are translated");

    /** Two watches for each of 4 096 logs. */
    private static final long WATCHES = 8_192;

    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\D?.*");
    private static final Pattern WATCH_COUNT = Pattern.compile("\\d{1,18}");
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");

    private KernelChecks() {}

    static List<Diagnosis> all(Host host) {
        return List.of(
                kernel(host),
                btf(host),
                tracefs(host),
                lockdown(host),
                unprivilegedBpf(host),
                delayAccounting(host),
                pressure(host),
                inotify(host),
                translations(host));
    }

    /** The release in {@code /proc/sys/kernel/osrelease}; the ring buffer came with 5.8. */
    private static Diagnosis kernel(Host host) {
        String release =
                SmallFile.read(host.proc().resolve("sys/kernel/osrelease")).orElse("");
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            return KERNEL.warn(
                    release.isEmpty() ? "release unknown" : "release not understood: " + release,
                    "see that " + host.proc() + " is the procfs of a Linux kernel");
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > 5 || (major == 5 && minor >= 8)
                ? KERNEL.ok(release)
                : KERNEL.missing(release, "run kernel 5.8 or newer");
    }

    private static Diagnosis btf(Host host) {
        Path vmlinux = host.sys().resolve("kernel/btf/vmlinux");
        return Files.isReadable(vmlinux)
                ? BTF.ok(vmlinux.toString())
                : BTF.missing(
                        "no readable " + vmlinux,
                        "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, and see that sysfs is mounted");
    }

    private static Diagnosis tracefs(Host host) {
        for (String place : List.of("kernel/tracing", "kernel/debug/tracing")) {
            Path path = host.sys().resolve(place);
            if (Files.isDirectory(path.resolve("events"))) {
                return TRACEFS.ok(path.toString());
            }
        }
        return TRACEFS.missing("not mounted, or not readable", "mount -t tracefs tracefs /sys/kernel/tracing");
    }

    /** {@code none [integrity] confidentiality} in securityfs; see kernel_lockdown(7). */
    private static Diagnosis lockdown(Host host) {
        Path securityfs = host.sys().resolve("kernel/security");
        Optional<String> text = SmallFile.read(securityfs.resolve("lockdown"));
        if (text.isEmpty()) {
            return hasEntries(securityfs)
                    ? LOCKDOWN.ok("not part of this kernel")
                    : LOCKDOWN.warn(
                            "unknown: securityfs is not mounted", "mount -t securityfs none /sys/kernel/security");
        }
        Matcher matcher = CHOSEN.matcher(text.get());
        String mode = matcher.find() ? matcher.group(1) : text.get();
        return mode.equals("confidentiality")
                ? LOCKDOWN.warn(
                        mode, "boot with lockdown=integrity or none: now BPF programs cannot read kernel memory")
                : LOCKDOWN.ok(mode);
    }

    private static boolean hasEntries(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return entries.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code kernel.unprivileged_bpf_disabled}: 0 allows anybody, 1 and 2 nobody; admin-guide/sysctl/kernel.rst. */
    private static Diagnosis unprivilegedBpf(Host host) {
        Optional<String> value = SmallFile.read(host.proc().resolve("sys/kernel/unprivileged_bpf_disabled"));
        return value.isPresent() && value.get().equals("0")
                ? UNPRIVILEGED.warn("allowed to every user", "sysctl -w kernel.unprivileged_bpf_disabled=2")
                : UNPRIVILEGED.ok(
                        value.map(number -> "disabled (" + number + ")").orElse("not part of this kernel"));
    }

    /** {@code kernel.task_delayacct}; from 5.14 on it is off unless asked for. CPU delays do not need it. */
    private static Diagnosis delayAccounting(Host host) {
        Optional<String> value = SmallFile.read(host.proc().resolve("sys/kernel/task_delayacct"));
        if (value.isEmpty()) {
            return DELAYS.ok("always on in this kernel, or not part of it");
        }
        return value.get().equals("1")
                ? DELAYS.ok("on")
                : DELAYS.warn(
                        "off",
                        "sysctl -w kernel.task_delayacct=1, or boot with delayacct, or run the agent with"
                                + " --enable-delay-accounting; processes that run already must be restarted");
    }

    /** {@code /proc/pressure}; where it is switched off, the files are absent or refuse to be read; accounting/psi.rst. */
    private static Diagnosis pressure(Host host) {
        return SmallFile.read(host.proc().resolve("pressure/cpu")).isPresent()
                ? PRESSURE.ok("accounted")
                : PRESSURE.warn("not accounted", "boot with psi=1, on a kernel built with CONFIG_PSI=y");
    }

    /** {@code fs.inotify.max_user_watches}: of all programs of a user together; logs without one are looked at each second. */
    private static Diagnosis inotify(Host host) {
        Optional<String> value = SmallFile.read(host.proc().resolve("sys/fs/inotify/max_user_watches"));
        if (value.isEmpty()) {
            return INOTIFY.warn("not part of this kernel", "run a kernel built with CONFIG_INOTIFY_USER=y");
        }
        boolean enough = WATCH_COUNT.matcher(value.get()).matches() && Long.parseLong(value.get()) >= WATCHES;
        String found = value.get() + " watches";
        return enough
                ? INOTIFY.ok(found)
                : INOTIFY.warn(found, "sysctl -w fs.inotify.max_user_watches=65536, if there are many logs");
    }

    /** {@code net.netfilter.nf_conntrack_events}: 0 is off, 2 (5.19) on while there are listeners; nf_conntrack-sysctl.rst. */
    private static Diagnosis translations(Host host) {
        Path settings = host.proc().resolve("sys/net/netfilter");
        if (!Files.exists(settings.resolve("nf_conntrack_max"))) {
            return NAT.ok("connections are not tracked here");
        }
        Optional<String> value = SmallFile.read(settings.resolve("nf_conntrack_events"));
        if (value.isEmpty()) {
            return NAT.warn("conntrack announces nothing", "run a kernel built with CONFIG_NF_CONNTRACK_EVENTS=y");
        }
        return value.get().equals("0")
                ? NAT.warn("conntrack announces nothing", "sysctl -w net.netfilter.nf_conntrack_events=1")
                : NAT.ok("conntrack announces translations");
    }
}
