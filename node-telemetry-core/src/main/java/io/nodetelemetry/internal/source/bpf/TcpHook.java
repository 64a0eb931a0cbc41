package io.nodetelemetry.internal.source.bpf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways to hear of TCP connections, best first; {@code tcp.bpf.c} says what sets them apart. */
public enum TcpHook {
    /** Called by TCP itself and never skipped; tracepoints follow the sockets that are older. */
    SOCK_OPS("sock_ops", "tcp_sock_ops", "tcp_set_state", "tcp_retransmit"),
    /** BTF-typed tracepoints; the kernel skips them at times and counts that. */
    TYPED_TRACEPOINT("tp_btf", null, "tcp_set_state", "tcp_retransmit"),
    /** The same through tracefs. */
    TRACEPOINT("tracepoint", null, "tcp_set_state_plain", "tcp_retransmit_plain");

    private final String label;
    private final @Nullable String cgroupProgram;
    private final String stateProgram;
    private final String retransmitProgram;

    TcpHook(String label, @Nullable String cgroupProgram, String stateProgram, String retransmitProgram) {
        this.label = label;
        this.cgroupProgram = cgroupProgram;
        this.stateProgram = stateProgram;
        this.retransmitProgram = retransmitProgram;
    }

    /** The {@code hook} label of our own metrics. */
    public String label() {
        return label;
    }

    boolean loads(String program) {
        return program.equals(cgroupProgram)
                || tracePrograms().contains(program)
                || program.equals(TcpProbe.FIND_OPEN_SOCKETS)
                || program.equals(TcpProbe.HEAR_TRANSLATION)
                || program.equals(OpenConnections.SUM_OLDER)
                || (this == SOCK_OPS && OpenConnections.SUM_OWN.contains(program));
    }

    @Nullable
    String cgroupProgram() {
        return cgroupProgram;
    }

    List<String> tracePrograms() {
        return List.of(stateProgram, retransmitProgram);
    }

    /** What calls that program: in the first mode there are two kinds. */
    String hookOf(String program) {
        return this == SOCK_OPS && !program.equals(cgroupProgram) ? TYPED_TRACEPOINT.label : label;
    }
}
