package io.nodetelemetry.internal.source.icmp;

import java.io.IOException;

/** A namespace could not be entered, or has no ICMP socket for us. */
public final class EchoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final EchoRefusal refusal;

    EchoException(IOException cause) {
        super(cause.getMessage(), cause);
        refusal = EchoRefusal.of(cause);
    }

    /** Why. */
    public EchoRefusal refusal() {
        return refusal;
    }
}
