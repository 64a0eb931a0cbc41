package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The effective capabilities of our process; capabilities(7). */
final class CapabilityChecks {
    /** Bit numbers of {@code linux/capability.h}. */
    private enum Capability {
        DAC_READ_SEARCH(2),
        NET_BROADCAST(11),
        NET_ADMIN(12),
        NET_RAW(13),
        SYS_PTRACE(19),
        SYS_ADMIN(21),
        PERFMON(38),
        BPF(39);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }

        boolean in(long effective) {
            return (effective & (1L << bit)) != 0;
        }
    }

    private CapabilityChecks() {}

    static List<Diagnosis> all(Host host) {
        OptionalLong mask = effective(SmallFile.read(host.proc().resolve("self/status")));
        if (mask.isEmpty()) {
            return List.of(Subject.essential("capabilities", "everything that root may do")
                    .warn("unknown", "see that " + host.proc().resolve("self/status") + " is readable"));
        }
        long effective = mask.getAsLong();
        // Linux splits BPF and PERFMON off SYS_ADMIN in 5.8 and still takes the latter for them.
        boolean admin = Capability.SYS_ADMIN.in(effective);
        return List.of(
                check(Subject.essential("CAP_BPF", "loading BPF programs"), admin || Capability.BPF.in(effective)),
                check(
                        Subject.essential("CAP_NET_ADMIN", "counting TCP: sock_ops programs"),
                        Capability.NET_ADMIN.in(effective)),
                check(
                        Subject.useful("CAP_NET_BROADCAST", "what is translated in containers' own network namespaces"),
                        Capability.NET_BROADCAST.in(effective)),
                check(
                        Subject.essential(
                                "CAP_PERFMON", "tracepoints: processes, and TCP sockets that are open at start"),
                        admin || Capability.PERFMON.in(effective)),
                check(
                        Subject.useful("CAP_NET_RAW", "round-trip times to the destinations of containers"),
                        Capability.NET_RAW.in(effective)),
                check(
                        Subject.useful("CAP_SYS_PTRACE", "namespaces and files of other processes"),
                        Capability.SYS_PTRACE.in(effective)),
                check(
                        Subject.useful("CAP_DAC_READ_SEARCH", "files of containers that only their owner may read"),
                        Capability.DAC_READ_SEARCH.in(effective)),
                check(Subject.useful("CAP_SYS_ADMIN", "hosts with cgroup v1 alone, other namespaces"), admin));
    }

    private static Diagnosis check(Subject subject, boolean held) {
        return held
                ? subject.ok("held")
                : subject.missing("not held", "run as root, or grant it: AmbientCapabilities= in the unit, --cap-add");
    }

    /** The hexadecimal mask in the line {@code CapEff:} of proc_pid_status(5). */
    static OptionalLong effective(Optional<String> status) {
        for (String line : status.orElse("").split("\n", -1)) {
            if (line.startsWith("CapEff:")) {
                try {
                    return OptionalLong.of(Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16));
                } catch (NumberFormatException e) {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }
}
