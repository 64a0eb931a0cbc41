package io.nodetelemetry.internal.source.journal;

/** Bytes that are not what the format of journal files demands at that place. */
final class JournalFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    JournalFormatException(String message) {
        // Damaged files are expected and a damaged entry may be one of many: nobody looks at the stack.
        super(message, null, false, false);
    }
}
