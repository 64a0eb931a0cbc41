package io.nodetelemetry.internal.source.logfile;

/** As many files are open as may be. */
final class DescriptorLimitException extends Exception {
    private static final long serialVersionUID = 1L;

    DescriptorLimitException() {
        super("as many log files are open as may be");
    }
}
