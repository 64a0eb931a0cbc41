package io.nodetelemetry.cli.logging;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends the JDK's logging to a stream, a line an event. Apart from {@link ConsoleLogManager}: touching that class would
 * initialise the JDK's manager before it is told which one to make.
 */
public final class ConsoleLogging {
    private ConsoleLogging() {}

    /**
     * Sends everything from that level on to the stream. Must come before any logger is made, as the JDK asks for its
     * manager once.
     */
    public static void install(LogLevel level, PrintStream out) {
        System.setProperty("java.util.logging.manager", ConsoleLogManager.class.getName());
        Logger root = LogManager.getLogManager().getLogger("");
        root.addHandler(new LineHandler(out, new LineFormatter(level.compareTo(LogLevel.DEBUG) >= 0)));
        // Debugging is about us: libraries below that are as talkative as at INFO.
        root.setLevel(level.compareTo(LogLevel.INFO) > 0 ? LogLevel.INFO.level() : level.level());
        Ours.LOGGER.setLevel(level.level());
    }

    private static final class LineHandler extends Handler {
        private final PrintStream out;
        private final LineFormatter formatter;

        LineHandler(PrintStream out, LineFormatter formatter) {
            this.out = out;
            this.formatter = formatter;
        }

        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event)) {
                out.print(formatter.format(event));
                out.flush();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Held here because the JDK forgets a logger, and its level with it, when nobody else does. */
    private static final class Ours {
        static final Logger LOGGER = Logger.getLogger("io.nodetelemetry");
    }
}
