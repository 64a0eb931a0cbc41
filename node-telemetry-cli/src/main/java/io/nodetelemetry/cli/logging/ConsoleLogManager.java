package io.nodetelemetry.cli.logging;

import java.util.logging.LogManager;

/**
 * The JDK's logging, made for a process that is stopped by a signal: the JDK's own manager closes its handlers in a
 * shutdown hook, at the same time as ours still reports the last push, and reads a file at start that we do not need.
 */
public final class ConsoleLogManager extends LogManager {
    /** For the JDK, which makes the one instance by name. */
    public ConsoleLogManager() {}

    /** Nothing is configured by file. */
    @Override
    public void readConfiguration() {}

    /** Handlers stay until the process ends. */
    @Override
    public void reset() {}
}
