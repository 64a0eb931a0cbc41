package io.nodetelemetry.collector;

import org.jspecify.annotations.Nullable;

/**
 * A collector cannot work on this machine or for the moment: an old kernel, a missing permission, an absent socket. Not
 * a fault of the program. The message is shown to people and says what is missing and what to do about it.
 */
public final class CollectorUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is missing, and the remedy, in one sentence each. */
    public CollectorUnavailableException(String reasonAndRemedy) {
        super(reasonAndRemedy);
    }

    /** The same, with what led to it. */
    public CollectorUnavailableException(String reasonAndRemedy, @Nullable Throwable cause) {
        super(reasonAndRemedy, cause);
    }
}
