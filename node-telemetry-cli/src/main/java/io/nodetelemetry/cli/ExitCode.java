package io.nodetelemetry.cli;

/** What the process ends with; also told by {@code --help}. */
final class ExitCode {
    /** Stopped by a signal, or help, version or a good diagnosis was shown. */
    static final int OK = 0;
    /** Cannot run as configured on this machine. */
    static final int CANNOT_RUN = 1;
    /** A flag or variable is wrong. */
    static final int USAGE = 2;

    private ExitCode() {}
}
