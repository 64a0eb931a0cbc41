package io.nodetelemetry.internal.runtime;

import java.io.IOException;

/** The runtime is not on this machine, or not yet: there is no socket of its. */
public final class RuntimeAbsentException extends IOException {
    private static final long serialVersionUID = 1;

    /** With where was looked. */
    public RuntimeAbsentException(String message) {
        super(message);
    }

    /** None: it is thrown again and again for each container without a name, and says all there is to say. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
