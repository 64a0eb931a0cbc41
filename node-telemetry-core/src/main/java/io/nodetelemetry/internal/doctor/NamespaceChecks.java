package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Whether we see the host or only the inside of a container. */
final class NamespaceChecks {
    /** The inode of the initial pid namespace: {@code PROC_PID_INIT_INO} of {@code linux/proc_ns.h}. */
    private static final String INITIAL = "pid:[4026531836]";

    private static final Subject PID_NAMESPACE = Subject.useful("host pid namespace", "processes of other containers");
    private static final Subject INIT =
            Subject.useful("/proc/1", "the host's own root and namespaces, seen from a container");

    private NamespaceChecks() {}

    static List<Diagnosis> all(Host host) {
        return List.of(pidNamespace(host), init(host));
    }

    private static Diagnosis pidNamespace(Host host) {
        try {
            String namespace =
                    Files.readSymbolicLink(host.proc().resolve("self/ns/pid")).toString();
            return namespace.equals(INITIAL)
                    ? PID_NAMESPACE.ok("we are in it")
                    : PID_NAMESPACE.warn(
                            "we are in another one, " + namespace,
                            "run the agent's container with --pid=host (hostPID: true in Kubernetes)");
        } catch (IOException e) {
            return PID_NAMESPACE.warn("unknown: " + e.getMessage() + " is not readable", "mount procfs at /proc");
        }
    }

    private static Diagnosis init(Host host) {
        try {
            Files.readSymbolicLink(host.proc().resolve("1/root"));
            return INIT.ok("readable");
        } catch (IOException e) {
            return INIT.warn(
                    "not readable; our own root and namespaces count as the host's",
                    "nothing, if the agent runs on the host itself; else grant CAP_SYS_PTRACE");
        }
    }
}
