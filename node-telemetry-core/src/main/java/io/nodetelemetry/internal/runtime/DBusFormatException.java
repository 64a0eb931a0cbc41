package io.nodetelemetry.internal.runtime;

import java.io.IOException;

/** Bytes that are no D-Bus message, or one that nobody asked for. */
final class DBusFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    DBusFormatException(String message) {
        super(message);
    }
}
