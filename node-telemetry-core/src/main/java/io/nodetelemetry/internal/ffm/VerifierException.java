package io.nodetelemetry.internal.ffm;

/** The kernel's verifier rejected a program; the message ends with the verifier's last telling line. */
public final class VerifierException extends BpfLoadException {
    private static final long serialVersionUID = 1L;

    private final String program;

    VerifierException(String message, int errno, String fullLog, String program) {
        super(message, errno, fullLog);
        this.program = program;
    }

    /** The name of the rejected program. */
    public String program() {
        return program;
    }
}
