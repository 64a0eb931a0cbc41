package io.nodetelemetry.internal.ffm;

import java.io.IOException;

/**
 * A BPF object could not be opened or loaded. The message is short: the object, the errno, the line of libbpf's output
 * that tells why, and a remedy where the errno suggests one; all that libbpf said is in {@link #fullLog}.
 */
public sealed class BpfLoadException extends IOException permits VerifierException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String fullLog;

    BpfLoadException(String message, int errno, String fullLog) {
        super(message);
        this.errno = errno;
        this.fullLog = fullLog;
    }

    /** The error number, positive. */
    public int errno() {
        return errno;
    }

    /** What libbpf and the kernel's verifier printed during the call, its last MiB; may be empty. */
    public String fullLog() {
        return fullLog;
    }

    /** The exception that fits what was captured while {@code call} failed. */
    static BpfLoadException of(String call, int errno, String captured) {
        LoadLog log = LoadLog.of(captured);
        if (errno == Errno.EPERM && log.program().isEmpty()) {
            // What libbpf guesses about that is longer than the remedy, and often wrong.
            return new BpfLoadException(call + ": EPERM" + remedy(errno), errno, captured);
        }
        String message = call + ": " + Errno.name(errno) + (log.line().isEmpty() ? "" : " - " + log.line());
        if (log.program().isPresent()) {
            return new VerifierException(message, errno, captured, log.program().get());
        }
        return new BpfLoadException(message + remedy(errno), errno, captured);
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case Errno.EPERM ->
                "; needs root or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, and before Linux 5.11 an unlimited RLIMIT_MEMLOCK";
            case Errno.ENOENT, Errno.ESRCH ->
                "; the kernel lacks something the program is written for, or its BTF (/sys/kernel/btf/vmlinux)";
            default -> "";
        };
    }
}
