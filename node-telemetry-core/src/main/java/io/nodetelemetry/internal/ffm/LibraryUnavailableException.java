package io.nodetelemetry.internal.ffm;

import org.jspecify.annotations.Nullable;

/**
 * A native library cannot be used: it is not installed, too old, or the JVM does not grant native access. The message
 * names the library and the remedy.
 */
public final class LibraryUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public LibraryUnavailableException(String reasonAndRemedy, @Nullable Throwable cause) {
        super(reasonAndRemedy, cause);
    }
}
